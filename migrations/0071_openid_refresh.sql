-- Refresh tokens of products (SPEC §15), apart from those of the API: none of them is ever taken for the other.
create table openid_refresh_tokens (
    token_hash       bytea       not null,
    grant_id         uuid        not null,
    issued_at        timestamptz not null,
    used_at          timestamptz,
    -- for the 30 s in which the same product gets the same successor again
    successor_sealed bytea,
    used_address     inet,
    used_user_agent  text,
    constraint openid_refresh_tokens_pkey primary key (token_hash),
    constraint openid_refresh_tokens_grant_fkey foreign key (grant_id) references openid_grants (id) on delete cascade
);
create index openid_refresh_tokens_grant on openid_refresh_tokens (grant_id);
create index openid_refresh_tokens_used on openid_refresh_tokens (used_at) where successor_sealed is not null;
