-- What happened to accounts, once for each webhook that wants to know (SPEC §14). Written in the transaction in which it happened, sent
-- by the worker.
create table webhook_deliveries (
    -- sent as webhook-id, the same at every try and replay
    id           uuid        not null,
    -- the order in which things happened
    seq          bigint      generated always as identity,
    -- which webhook: the SHA-256 of its URL, because a URL may hold a token
    endpoint     bytea       not null,
    -- the host of that URL, for people
    host         text        not null,
    event        text        not null,
    -- no foreign key: that an account is gone is told after it is gone
    account_id   bigint      not null,
    kind         text        not null,
    happened_at  timestamptz not null,
    status       text        not null default 'queued',
    attempts     integer     not null default 0,
    next_try_at  timestamptz not null,
    -- set by the first try: what waits behind an earlier event has its own day
    give_up_at   timestamptz,
    leased_until timestamptz,
    -- when it was delivered, or given up
    ended_at     timestamptz,
    -- a code of ours, never what a receiver answered
    last_error   text,
    constraint webhook_deliveries_pkey primary key (id),
    constraint webhook_deliveries_status_check check (status in ('queued', 'delivered', 'failed')),
    constraint webhook_deliveries_ended check ((status = 'queued') = (ended_at is null))
);
create index webhook_deliveries_due on webhook_deliveries (endpoint, next_try_at) where status = 'queued';
create index webhook_deliveries_account on webhook_deliveries (endpoint, account_id, seq) where status = 'queued';
create index webhook_deliveries_ended_at on webhook_deliveries (ended_at) where status <> 'queued';
create unique index webhook_deliveries_seq on webhook_deliveries (seq);
