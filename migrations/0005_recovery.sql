-- What a right recovery code is exchanged for (002): 256 bits, ten minutes, one new password (SPEC §11). Kept only as a
-- keyed hash; which password it sets is decided by `portaria::recovery`.
create table recovery_grants (
    token_hash bytea       not null,
    account_id bigint      not null,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    spent_at   timestamptz,
    constraint recovery_grants_pkey primary key (token_hash),
    constraint recovery_grants_lives check (expires_at > created_at),
    constraint recovery_grants_account_fkey foreign key (account_id) references accounts (id) on delete cascade
);
create index recovery_grants_account on recovery_grants (account_id);
create index recovery_grants_expiry on recovery_grants (expires_at);
