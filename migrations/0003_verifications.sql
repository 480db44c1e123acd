-- A code or a link sent to one destination, for one purpose, of one sign-up or account (SPEC §4; states in
-- portaria::verification). Compared by keyed hash; the sealed copy exists only to be delivered, and is wiped once the
-- code is spent, lapsed or dead.
create table verifications (
    id                uuid        not null,
    purpose           text        not null,
    signup_id         uuid,
    account_id        bigint,
    destination_index bytea       not null,
    channel           text        not null,
    -- whether the person chose the channel (then a failure is told) or the system did (then another follows by itself)
    channel_chosen    boolean     not null,
    secret_hash       bytea       not null,
    secret_sealed     bytea,
    lifetime          interval    not null,
    asked_at          timestamptz not null,
    handed_at         timestamptz,
    expires_at        timestamptz,
    spent_at          timestamptz,
    dead_at           timestamptz,
    -- the carrier refused for good and no other follows: the waiting page says so
    undeliverable_at  timestamptz,
    constraint verifications_pkey primary key (id),
    constraint verifications_channel_check check (channel in ('email', 'sms', 'whatsapp')),
    constraint verifications_one_subject check ((signup_id is null) or (account_id is null)),
    constraint verifications_clock check ((handed_at is null) = (expires_at is null)),
    constraint verifications_signup_fkey foreign key (signup_id) references signups (id) on delete cascade,
    constraint verifications_account_fkey foreign key (account_id) references accounts (id) on delete cascade
);
create index verifications_destination on verifications (purpose, destination_index) where spent_at is null and dead_at is null;
create index verifications_secret on verifications (secret_hash);
create index verifications_signup on verifications (signup_id);
create index verifications_account on verifications (account_id);

-- Everything that is counted against a limit, shared by all nodes (SPEC §8): wrong entries, failed sign-ins, sends, hashes.
create table tallies (
    scope         text          not null,
    key           bytea         not null,
    -- the instants that still count; the newest last
    hits          timestamptz[] not null default '{}',
    blocked_until timestamptz,
    forget_at     timestamptz   not null,
    constraint tallies_pkey primary key (scope, key)
);
create index tallies_forget on tallies (forget_at);

-- Messages, written in the transaction that caused them, handed over by the worker (SPEC §7).
create table outbox (
    id              uuid        not null,
    channel         text        not null,
    recipient       bytea       not null,  -- sealed
    content         bytea       not null,  -- sealed; a code or link is not in it, but in its verification
    verification_id uuid,
    status          text        not null default 'queued',
    attempts        integer     not null default 0,
    created_at      timestamptz not null,
    next_try_at     timestamptz not null,
    -- never handed over after this instant
    drop_at         timestamptz not null,
    leased_until    timestamptz,
    handed_at       timestamptz,
    provider_id     text,
    -- a carrier's code, never its words: those may quote the recipient
    last_error      text,
    constraint outbox_pkey primary key (id),
    constraint outbox_channel_check check (channel in ('email', 'sms', 'whatsapp')),
    constraint outbox_status_check check (status in ('queued', 'handed', 'refused', 'dropped')),
    constraint outbox_verification_fkey foreign key (verification_id) references verifications (id) on delete cascade
);
create index outbox_due on outbox (next_try_at) where status = 'queued';

-- Development only: what a carrier would have been given, sealed. Shown at /dev/outbox.
create table captured_messages (
    id         uuid        not null,
    at         timestamptz not null,
    sealed     bytea       not null,
    constraint captured_messages_pkey primary key (id)
);
create index captured_messages_at on captured_messages (at);
