-- The OpenID provider (SPEC §15). Clients stand in the settings file, so that nothing here refers to a table of them.

-- What signs for products: apart from `signing_keys`, so that no token of a product is ever taken for one of the API.
create table openid_keys (
    kid        text        not null,
    alg        text        not null,
    sealed     bytea       not null,
    -- RS256: the modulus and the exponent (base64url), with a dot between them; EdDSA: 32 bytes in base64url
    public     text        not null,
    created_at timestamptz not null,
    -- published before it signs, so that whoever keeps the JWKS for a while knows it by then
    signs_from timestamptz not null,
    retired_at timestamptz,
    constraint openid_keys_pkey primary key (kid),
    constraint openid_keys_alg_check check (alg in ('RS256', 'EdDSA'))
);

-- Requests that wait for a person: for a sign-in, a sign-up, a consent. They outlive the node and the browser's window.
create table openid_requests (
    id             uuid        not null,
    -- keyed hash of the browser's cookie
    token_hash     bytea       not null,
    client_id      text        not null,
    -- what was asked for, whole: a hint may hold an address
    request_sealed bytea       not null,
    -- the session that was there when it began: `prompt=login` wants another one, or a later sign-in
    session_before uuid,
    created_at     timestamptz not null,
    expires_at     timestamptz not null,
    -- when the person agreed to this very request
    agreed_at      timestamptz,
    constraint openid_requests_pkey primary key (id)
);
create unique index openid_requests_token on openid_requests (token_hash);
create index openid_requests_expiry on openid_requests (expires_at);

-- What a product got: one code, and what came of it.
create table openid_grants (
    id              uuid        not null,
    client_id       text        not null,
    account_id      bigint      not null,
    session_id      uuid        not null,
    scopes          text        not null,
    nonce           text,
    acr             text        not null,
    auth_time       timestamptz not null,
    redirect_uri    text        not null,
    challenge       text        not null,
    code_hash       bytea       not null,
    code_expires_at timestamptz not null,
    created_at      timestamptz not null,
    -- when the code was exchanged: once
    spent_at        timestamptz,
    -- nothing of it is in force any more
    ended_at        timestamptz,
    -- until when it may be of use to anybody
    expires_at      timestamptz not null,
    constraint openid_grants_pkey primary key (id),
    constraint openid_grants_account_fkey foreign key (account_id) references accounts (id) on delete cascade,
    constraint openid_grants_session_fkey foreign key (session_id) references sessions (id) on delete cascade
);
create unique index openid_grants_code on openid_grants (code_hash);
create index openid_grants_account on openid_grants (account_id);
create index openid_grants_session on openid_grants (session_id);
create index openid_grants_expiry on openid_grants (expires_at);

-- What a person agreed to give to a product that is not the operator's own.
create table openid_consents (
    account_id bigint      not null,
    client_id  text        not null,
    scopes     text        not null,
    given_at   timestamptz not null,
    constraint openid_consents_pkey primary key (account_id, client_id),
    constraint openid_consents_account_fkey foreign key (account_id) references accounts (id) on delete cascade
);

-- Whether a session began with a code instead of a password: products are told (`acr`).
alter table sessions add column by_code boolean not null default false;

-- The request of a product that this sign-up began for. It goes along to the browsers of the new account; no foreign key: the request is
-- forgotten once it was answered.
alter table signups add column openid_request uuid;
