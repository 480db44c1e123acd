-- Photos (004; 003 `profilePicture`): what the pipeline made (server/src/photos.rs), never what was uploaded.
create table photos (
    -- 256 random bits: whoever has the address may look
    id           text        not null,
    account_id   bigint      not null,
    content_type text        not null,
    bytes        bytea       not null,
    created_at   timestamptz not null,
    constraint photos_pkey primary key (id),
    constraint photos_type_check check (content_type in ('image/jpeg', 'image/png')),
    constraint photos_account_fkey foreign key (account_id) references accounts (id) on delete cascade
);
create index photos_account on photos (account_id);
alter table accounts add column photo_id text;
alter table accounts add constraint accounts_photo_fkey foreign key (photo_id) references photos (id) on delete set null;
create unique index accounts_photo on accounts (photo_id);

-- Who proved an address by its code may complete that account's profile for a while (004 `signupToken`, and the cookie
-- beside it): keyed hashes only. Whether there is anything left to complete follows from the account.
create table proofs (
    token_hash bytea       not null,
    account_id bigint      not null,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    constraint proofs_pkey primary key (token_hash),
    constraint proofs_account_fkey foreign key (account_id) references accounts (id) on delete cascade
);
create index proofs_account on proofs (account_id);
create index proofs_expiry on proofs (expires_at);
