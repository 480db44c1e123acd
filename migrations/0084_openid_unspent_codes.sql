-- A code that nobody exchanged is worth nothing after a minute, however long its session lives: it is kept no longer.
update openid_grants set expires_at = code_expires_at where spent_at is null;
