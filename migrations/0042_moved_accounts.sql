-- Accounts that `portaria import` brought in (SPEC §14): their id in the system that they come from, by which a line that is already in is
-- known, and when they came. Null: the account was made here.
alter table accounts add column external_id text;
alter table accounts add column imported_at timestamptz;
create unique index accounts_external_id_key on accounts (external_id);
