-- Step-up for what later recovers, and the ways back (SPEC §13, §16).

-- When whoever holds this session last showed that they are the owner. Null: when it began.
alter table sessions add column authenticated_at timestamptz;

-- After a reset by one contact the others neither sign in nor recover until they are confirmed again from inside.
alter table accounts add column phone_suspended_at timestamptz;
alter table accounts add column email_suspended_at timestamptz;
-- When a document was added to an account that was there already; null: with the sign-up.
alter table accounts add column cpf_set_at timestamptz;
alter table accounts add column cnpj_set_at timestamptz;
-- The address that a code was asked for: it becomes the account's by that code.
alter table accounts add column wanted_email text;

-- Of a recovery code: the contact that it went to. Its destination is the document, under which entries are counted.
alter table verifications add column via_index bytea;
-- Of a "não fui eu": the contact that came with what it disputes. That contact has no say in it.
alter table verifications add column disputes_index bytea;
-- The contact by which the right to a new password was earned: it alone stays in force.
alter table recovery_grants add column via_index bytea;

-- A proved contact that another took the place of, for as long as that can be undone.
create table account_changes (
    id            uuid        not null,
    account_id    bigint      not null,
    field         text        not null,
    sealed        bytea       not null,
    proved_at     timestamptz not null,
    replaced_at   timestamptz not null,
    -- the one link that its message held; the message was never written where nothing may be sent to
    undo_id       uuid,
    constraint account_changes_pkey primary key (id),
    constraint account_changes_field_check check (field in ('phone', 'email')),
    constraint account_changes_account_fkey foreign key (account_id) references accounts (id) on delete cascade,
    constraint account_changes_undo_fkey foreign key (undo_id) references verifications (id) on delete set null
);
create index account_changes_account on account_changes (account_id, replaced_at);
create index account_changes_undo on account_changes (undo_id);
create index account_changes_replaced on account_changes (replaced_at);
