-- One account model for the four journeys (SPEC §1). Sealed: CPF, CNPJ, phone, birth date (SPEC §9); each that must be
-- unique or found has a keyed index (HMAC-SHA-256) beside it.
create table accounts (
    -- random below 2^53: a JSON number that does not tell how many accounts exist (security.md T18)
    id                  bigint      not null,
    kind                text        not null,
    name                text        not null,
    username            text,
    email               text,
    email_proved_at     timestamptz,
    -- whether this address keeps others from registering with it: the contact of an e-mail journey while its proof can
    -- still come, or any proved address. A client's optional address claims nothing until it is proved (SPEC §11).
    email_claimed       boolean     not null default false,
    phone_sealed        bytea,
    phone_index         bytea,
    phone_proved_at     timestamptz,
    cpf_sealed          bytea,
    cpf_index           bytea,
    cnpj_sealed         bytea,
    cnpj_index          bytea,
    birth_date_sealed   bytea,
    gender              text,
    state               text,
    city                text,
    institution         text,
    field_of_work       text,
    password_hash       text,
    created_at          timestamptz not null,
    updated_at          timestamptz not null,
    -- of the profile; a writer who read an older one is told (no silent overwrite)
    version             bigint      not null default 1,
    last_sign_in_at     timestamptz,
    deletion_asked_at   timestamptz,
    constraint accounts_pkey primary key (id),
    constraint accounts_id_json_safe check (id > 0 and id < 9007199254740992),
    constraint accounts_kind_check check (kind in ('cliente', 'professor', 'caronista', 'empresa')),
    constraint accounts_gender_check check (gender in ('M', 'F', 'O')),
    constraint accounts_phone_whole check ((phone_sealed is null) = (phone_index is null)),
    constraint accounts_cpf_whole check ((cpf_sealed is null) = (cpf_index is null)),
    constraint accounts_cnpj_whole check ((cnpj_sealed is null) = (cnpj_index is null)),
    constraint accounts_proved_is_claimed check (email_proved_at is null or email_claimed)
);
create unique index accounts_email_key on accounts (email) where email_claimed;
create unique index accounts_username_key on accounts (username);
create unique index accounts_phone_key on accounts (phone_index);
create unique index accounts_cpf_key on accounts (cpf_index);
create unique index accounts_cnpj_key on accounts (cnpj_index);

-- Terms accepted: which, when, from where (SPEC §9). Contract, not consent (security.md T22).
create table consents (
    id         uuid        not null,
    account_id bigint      not null,
    document   text        not null,
    version    text        not null,
    given_at   timestamptz not null,
    address    inet        not null,
    constraint consents_pkey primary key (id),
    constraint consents_account_fkey foreign key (account_id) references accounts (id) on delete cascade
);
create index consents_account on consents (account_id);

-- A sign-up in progress: what is known so far, sealed whole. The next step is derived from it (portaria::signup).
create table signups (
    id           uuid        not null,
    kind         text        not null,
    draft_sealed bytea       not null,
    -- to find the sign-ups that wait for a code on this phone
    phone_index  bytea,
    account_id   bigint,
    created_at   timestamptz not null,
    updated_at   timestamptz not null,
    expires_at   timestamptz not null,
    constraint signups_pkey primary key (id),
    constraint signups_kind_check check (kind in ('cliente', 'professor', 'caronista', 'empresa')),
    constraint signups_account_fkey foreign key (account_id) references accounts (id) on delete cascade
);
create index signups_phone on signups (phone_index) where account_id is null;
create index signups_expiry on signups (expires_at);

-- The browsers that may continue a sign-up: each holds a token of its own, kept here only as its keyed hash.
create table signup_devices (
    token_hash bytea       not null,
    signup_id  uuid        not null,
    created_at timestamptz not null,
    -- a link to another device is spent by its first use; a browser's own token is not
    single_use boolean     not null default false,
    expires_at timestamptz not null,
    constraint signup_devices_pkey primary key (token_hash),
    constraint signup_devices_signup_fkey foreign key (signup_id) references signups (id) on delete cascade
);
create index signup_devices_signup on signup_devices (signup_id);
