-- Contested documents (SPEC §16; states in portaria::contest). A row is made whether or not anybody has the document, so that nothing
-- that can be seen or measured tells.
create table contests (
    id             uuid        not null,
    -- keyed index of the document, as accounts has it
    document_index bytea       not null,
    -- where who contests is told how it ended
    contact_sealed bytea       not null,
    contact_index  bytea       not null,
    asked_at       timestamptz not null,
    -- when the contact was proved: from here the days count
    proved_at      timestamptz,
    -- the account that had the document then, if any; another that takes it later is not contested
    holder_id      bigint,
    decided_at     timestamptz,
    outcome        text,
    constraint contests_pkey primary key (id),
    constraint contests_outcome_check check (outcome in ('freed', 'kept')),
    constraint contests_decided_whole check ((decided_at is null) = (outcome is null)),
    constraint contests_proved_first check (decided_at is null or proved_at is not null),
    constraint contests_holder_fkey foreign key (holder_id) references accounts (id) on delete set null
);
create index contests_of on contests (document_index, contact_index);
create index contests_open on contests (proved_at) where proved_at is not null and decided_at is null;
create index contests_asked on contests (asked_at);
create index contests_holder on contests (holder_id) where holder_id is not null;

-- Codes of contests, and the links to those who hold what is contested.
alter table verifications add column contest_id uuid;
alter table verifications add constraint verifications_contest_fkey foreign key (contest_id) references contests (id) on delete cascade;
alter table verifications drop constraint verifications_one_subject;
alter table verifications add constraint verifications_one_subject check (num_nonnulls(signup_id, account_id, contest_id) <= 1);
create index verifications_contest on verifications (contest_id) where contest_id is not null;
