-- Sessions that ended, once for each product that got tokens in them and wants to know (OpenID Connect Back-Channel Logout 1.0). Written in
-- the transaction that ends the session, sent by the worker. A row is gone once its product has it, or is given up.
create table openid_logouts (
    client_id    text        not null,
    session_id   uuid        not null,
    -- no foreign keys: that a session is over is told after its account is gone
    account_id   bigint      not null,
    happened_at  timestamptz not null,
    attempts     integer     not null default 0,
    next_try_at  timestamptz not null,
    -- set by the first try
    give_up_at   timestamptz,
    leased_until timestamptz,
    -- a code of ours, never what a product answered
    last_error   text,
    constraint openid_logouts_pkey primary key (client_id, session_id)
);
create index openid_logouts_due on openid_logouts (client_id, next_try_at);
create index openid_logouts_happened on openid_logouts (happened_at);
