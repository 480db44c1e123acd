-- What an account signed in from: a browser with its long-lived cookie, or an API client. Whoever comes from anything else is
-- told to the owner. A version of its own, so that a session that is forgotten does not make its browser a new one.
create table devices (
    account_id     bigint      not null,
    -- keyed hash of the browser's cookie and the account; empty: an API client, which has none
    token_hash     bytea       not null,
    -- browser family and system, no version: "Firefox, Windows"
    name           text        not null,
    first_seen_at  timestamptz not null,
    last_seen_at   timestamptz not null,
    -- known by its whole User-Agent (then in `name`) from before there was a cookie; goes with its next sign-in
    before_cookies boolean     not null default false,
    constraint devices_pkey primary key (account_id, token_hash, name),
    constraint devices_account_fkey foreign key (account_id) references accounts (id) on delete cascade
);
create index devices_last_seen on devices (last_seen_at);

insert into devices (account_id, token_hash, name, first_seen_at, last_seen_at, before_cookies)
select account_id, ''::bytea, user_agent, min(created_at), max(last_used_at), true from sessions group by account_id, user_agent;
