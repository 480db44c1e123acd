-- no-transaction
-- An erasure takes the person's address out of accounts of others that once asked for a code to it (SPEC §13 "Deletion").
create index concurrently if not exists accounts_wanted_email on accounts (wanted_email) where wanted_email is not null;
