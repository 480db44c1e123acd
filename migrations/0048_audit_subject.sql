-- no-transaction
create index concurrently if not exists audit_subject on audit (subject) where subject is not null;
