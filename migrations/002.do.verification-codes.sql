create table verification_codes (
  id uuid primary key,
  user_id uuid not null references users (id) on delete cascade,
  -- SHA-256 of the code. The code itself is not stored: it can be rebuilt from the id.
  code_hash bytea not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  -- When the mail server took the mail; null while no attempt is known to have succeeded.
  sent_at timestamptz,
  used_at timestamptz
);

create unique index one_open_verification_code_per_user
  on verification_codes (user_id)
  where used_at is null;

create index verification_codes_user_id on verification_codes (user_id);
