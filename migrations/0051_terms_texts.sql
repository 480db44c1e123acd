-- What the terms of each version said (SPEC §13): whoever accepted a version can read it after a new one has come. Kept by the first node that
-- starts with that version, in each language, as a list of [title, text]; never changed afterwards.
create table terms_texts (
    version  text        not null,
    language text        not null,
    sections jsonb       not null,
    kept_at  timestamptz not null,
    constraint terms_texts_pkey primary key (version, language)
);
