-- Who holds a sign-up (SPEC §16; portaria::holding): which browser began it, and whether another ever changed anything.
alter table signups add column begun_by uuid;
alter table signups add column others_changed boolean not null default false;

-- A browser may have several tokens for one sign-up: a form sent twice is answered twice.
alter table signup_devices add column browser_id uuid not null default gen_random_uuid();
-- The token of the form that began the sign-up: sent twice, it is one.
alter table signup_devices add column form_hash bytea;
create unique index signup_devices_form on signup_devices (form_hash) where form_hash is not null;
