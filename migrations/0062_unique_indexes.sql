-- The key under which phone, CPF and CNPJ are unique and found changes while nodes serve (server/src/services/index_keys.rs). Meanwhile each
-- value has a hash by the key before and one by the newest, and both are unique. Null: no change is under way.
alter table accounts add column phone_next bytea;
alter table accounts add column cpf_next bytea;
alter table accounts add column cnpj_next bytea;
alter table accounts add constraint accounts_phone_next_whole check (phone_next is null or phone_index is not null);
alter table accounts add constraint accounts_cpf_next_whole check (cpf_next is null or cpf_index is not null);
alter table accounts add constraint accounts_cnpj_next_whole check (cnpj_next is null or cnpj_index is not null);
create unique index accounts_phone_next_key on accounts (phone_next) where phone_next is not null;
create unique index accounts_cpf_next_key on accounts (cpf_next) where cpf_next is not null;
create unique index accounts_cnpj_next_key on accounts (cnpj_next) where cnpj_next is not null;
-- From when the newest index key is the one in force, and hashes by the key before are replaced. Null: they are still made beside them.
alter table data_keys add column moves_from timestamptz;
