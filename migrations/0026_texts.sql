-- The optional texts of a profile, by the names of their fields (`Field::free_texts`): a field more needs no column.
alter table accounts add column texts jsonb not null default '{}'::jsonb;

update accounts
set texts = jsonb_strip_nulls(jsonb_build_object('institution', institution, 'field_of_work', field_of_work))
where institution is not null or field_of_work is not null;

-- `institution` and `field_of_work` stay for nodes of the version before, which may still serve; a later migration drops them.
