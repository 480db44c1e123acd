-- Keys are announced before they are used (SPEC §13), so that every node has them by then. Null: from the moment it was made.
alter table data_keys add column seals_from timestamptz;
-- When nothing was left that an earlier key had sealed; null with earlier keys beside it: the rotation is not done.
alter table data_keys add column resealed_at timestamptz;
-- A new signing key stands in the JWKS for one cache life before it signs.
alter table signing_keys add column signs_from timestamptz;
