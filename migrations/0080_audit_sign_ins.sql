-- no-transaction
-- The sign-in before the present session, which its owner is shown: however often others tried and failed since, it is found at once.
create index concurrently if not exists audit_sign_ins on audit (account_id, at) where event = 'authn_login_success';
