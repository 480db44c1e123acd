-- One table, two presentations (SPEC §6): a browser's opaque cookie, an API client's refresh token family.
create table sessions (
    id            uuid        not null,
    account_id    bigint      not null,
    presentation  text        not null,
    -- keyed hash of the cookie; an API session has refresh tokens instead
    token_hash    bytea,
    remembered    boolean     not null,
    -- seconds that each access token of this session lives (2 h for 004, 24 h otherwise)
    access_seconds integer    not null,
    created_at    timestamptz not null,
    last_used_at  timestamptz not null,
    expires_at    timestamptz not null,
    ended_at      timestamptz,
    end_reason    text,
    address       inet        not null,
    user_agent    text        not null,
    constraint sessions_pkey primary key (id),
    constraint sessions_presentation_check check (presentation in ('browser', 'api')),
    constraint sessions_browser_has_cookie check ((presentation = 'browser') = (token_hash is not null)),
    constraint sessions_account_fkey foreign key (account_id) references accounts (id) on delete cascade
);
create unique index sessions_token on sessions (token_hash);
create index sessions_account on sessions (account_id) where ended_at is null;
create index sessions_expiry on sessions (expires_at);

create table refresh_tokens (
    token_hash       bytea       not null,
    session_id       uuid        not null,
    issued_at        timestamptz not null,
    used_at          timestamptz,
    -- for the 30 s in which the same client gets the same successor again
    successor_sealed bytea,
    used_address     inet,
    used_user_agent  text,
    constraint refresh_tokens_pkey primary key (token_hash),
    constraint refresh_tokens_session_fkey foreign key (session_id) references sessions (id) on delete cascade
);
create index refresh_tokens_session on refresh_tokens (session_id);

-- Every attempt to register, prove, sign in, recover or change (SPEC §9). No foreign keys: the log outlives what it tells of.
create table audit (
    id         uuid        not null,
    at         timestamptz not null,
    event      text        not null,
    outcome    text        not null,
    account_id bigint,
    signup_id  uuid,
    -- keyed index of the identifier or destination that was typed: the same one is recognised, nobody can read it
    subject    bytea,
    address    inet        not null,
    user_agent text        not null,
    constraint audit_pkey primary key (id)
);
create index audit_at on audit (at);
create index audit_account on audit (account_id, at);
