-- When it was settled whether a sign-up that was left gets its one reminder (portaria::reminder): sent, or not to be sent. Null: it may
-- still be. A registration by the API has no row of `signups`, so that accounts are marked too.
alter table signups add column reminder_settled_at timestamptz;
alter table accounts add column reminder_settled_at timestamptz;
create index signups_left on signups (updated_at) where reminder_settled_at is null and account_id is null;
create index accounts_left on accounts (created_at)
    where reminder_settled_at is null and email_claimed and email_proved_at is null and phone_proved_at is null and external_id is null;

-- The sign-up that a message without a code or link is about: it is not handed over once the sign-up is more than that, and belongs to its
-- account from then on.
alter table outbox add column signup_id uuid;
alter table outbox add constraint outbox_signup_fkey foreign key (signup_id) references signups (id) on delete cascade;
create index outbox_signup on outbox (signup_id) where signup_id is not null;
