-- The code that stands beside a link in the same mail is made of the link's token, so that there is one secret to keep and to wipe. After
-- too many wrong entries the code is dead, and the link is not: strangers must not be able to end it (SPEC §12, §16).
alter table verifications add column code_dead_at timestamptz;
