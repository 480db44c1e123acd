-- As what a contest's contact is counted: `a+b@c` is `a@c` (SPEC §16), so that nobody contests again and again with tags. Null: from before,
-- counted as `contact_index`.
alter table contests add column counted_index bytea;
