create table users (
  id uuid primary key,
  username text not null constraint users_username_key unique,
  full_name text not null,
  email text not null,
  -- A PHC string: algorithm, cost, salt and hash.
  hashed_password text not null,
  is_email_verified boolean not null default false,
  password_changed_at timestamptz not null,
  created_at timestamptz not null
);

-- Addresses are ASCII; the "C" collation keeps lower() the same whatever the database's locale.
create unique index users_email_key on users (lower(email collate "C"));
