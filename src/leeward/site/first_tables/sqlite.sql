CREATE TABLE "django_migrations" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "app" varchar(255) NOT NULL, "name" varchar(255) NOT NULL, "applied" datetime NOT NULL)

CREATE TABLE "people_user" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "password" varchar(128) NOT NULL, "last_login" datetime NULL, "email" varchar(254) NOT NULL UNIQUE, "name" varchar(80) NOT NULL, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "roles" text NOT NULL CHECK ((JSON_VALID("roles") OR "roles" IS NULL)), "languages" text NOT NULL CHECK ((JSON_VALID("languages") OR "languages" IS NULL)), "countries" text NOT NULL CHECK ((JSON_VALID("countries") OR "countries" IS NULL)), "away_from" date NULL, "away_until" date NULL, "is_active" bool NOT NULL, "must_change_password" bool NOT NULL, "session_epoch" integer unsigned NOT NULL CHECK ("session_epoch" >= 0), "made_at" datetime NOT NULL, "made_by_id" bigint NULL REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED, "confirmed_at" datetime NULL, "confirmed_by_id" bigint NULL REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED, "own_factor_at" datetime NULL)

CREATE TABLE "people_rolegrant" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "account_id" bigint NOT NULL REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED, "role" varchar(20) NOT NULL, "given_at" datetime NOT NULL, "given_by_id" bigint NULL REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED, "confirmed_at" datetime NULL, "confirmed_by_id" bigint NULL REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED, "ended_at" datetime NULL, "ended_by_id" bigint NULL REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED)

CREATE TABLE "people_secondfactorreset" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "account_id" bigint NOT NULL REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED, "asked_by_id" bigint NOT NULL REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED, "asked_at" datetime NOT NULL, "settled_by_id" bigint NULL REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED, "settled_at" datetime NULL, "outcome" varchar(10) NOT NULL)

CREATE TABLE "people_apitoken" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "name" varchar(80) NOT NULL, "agency" varchar(120) NOT NULL, "made_by_id" bigint NULL REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED, "scopes" text NOT NULL CHECK ((JSON_VALID("scopes") OR "scopes" IS NULL)), "digest" varchar(64) NOT NULL UNIQUE, "made_at" datetime NOT NULL, "expires_on" date NULL, "revoked_at" datetime NULL, "last_used_on" date NULL, "vouched_at" datetime NULL, "vouched_by_id" bigint NULL REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED)

CREATE TABLE "people_invitation" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "email" varchar(254) NOT NULL, "name" varchar(80) NOT NULL, "roles" text NOT NULL CHECK ((JSON_VALID("roles") OR "roles" IS NULL)), "languages" text NOT NULL CHECK ((JSON_VALID("languages") OR "languages" IS NULL)), "invited_by_id" bigint NULL REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED, "invited_at" datetime NOT NULL, "expires_at" datetime NOT NULL, "links" integer unsigned NOT NULL CHECK ("links" >= 0), "mail_state" varchar(8) NOT NULL, "mail_problem" varchar(40) NOT NULL, "mail_code" integer unsigned NOT NULL CHECK ("mail_code" >= 0), "withdrawn_at" datetime NULL, "accepted_at" datetime NULL, "account_id" bigint NULL REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED)

CREATE TABLE "people_outsidereview" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "account_id" bigint NOT NULL REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED, "subject_kind" varchar(8) NOT NULL, "subject_id" bigint NOT NULL, "invited_by_id" bigint NOT NULL REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED, "invited_at" datetime NOT NULL, "expires_at" datetime NOT NULL, "state" varchar(10) NOT NULL, "ended_at" datetime NULL, "ended_by_id" bigint NULL REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED)

CREATE TABLE "account_emailconfirmation" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "created" datetime NOT NULL, "sent" datetime NULL, "key" varchar(64) NOT NULL UNIQUE, "email_address_id" integer NOT NULL REFERENCES "account_emailaddress" ("id") DEFERRABLE INITIALLY DEFERRED)

CREATE TABLE "account_emailaddress" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "verified" bool NOT NULL, "primary" bool NOT NULL, "user_id" bigint NOT NULL REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED, "email" varchar(254) NOT NULL)

CREATE TABLE "mfa_authenticator" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "type" varchar(20) NOT NULL, "data" text NOT NULL CHECK ((JSON_VALID("data") OR "data" IS NULL)), "user_id" bigint NOT NULL REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED, "created_at" datetime NOT NULL, "last_used_at" datetime NULL)

CREATE TABLE "people_portalchange" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "what" varchar(16) NOT NULL, "before" text NOT NULL CHECK ((JSON_VALID("before") OR "before" IS NULL)), "wanted" text NOT NULL CHECK ((JSON_VALID("wanted") OR "wanted" IS NULL)), "asked_at" datetime NOT NULL, "settled_at" datetime NULL, "outcome" varchar(10) NOT NULL, "asked_by_id" bigint NULL REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "portal_id" bigint NULL REFERENCES "people_portal" ("id") DEFERRABLE INITIALLY DEFERRED, "settled_by_id" bigint NULL REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED, "about" varchar(300) NOT NULL, "missing" text NOT NULL CHECK ((JSON_VALID("missing") OR "missing" IS NULL)))

CREATE TABLE "people_helpline" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "whom" varchar(8) NOT NULL, "name" varchar(120) NOT NULL, "names" text NOT NULL CHECK ((JSON_VALID("names") OR "names" IS NULL)), "number" varchar(40) NOT NULL, "text_number" varchar(40) NOT NULL, "whatsapp" varchar(40) NOT NULL, "chat_url" varchar(200) NOT NULL, "url" varchar(200) NOT NULL, "hours" varchar(200) NOT NULL, "zone" varchar(60) NOT NULL, "charge" varchar(8) NOT NULL, "languages" varchar(200) NOT NULL, "access" text NOT NULL CHECK ((JSON_VALID("access") OR "access" IS NULL)), "source" varchar(300) NOT NULL, "is_shown" bool NOT NULL, "confirmed_at" datetime NULL, "confirmed_by_id" bigint NULL REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED, "portal_id" bigint NOT NULL REFERENCES "people_portal" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "helpline_named_once" UNIQUE ("portal_id", "name"))

CREATE TABLE "people_recording" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "page" varchar(8) NOT NULL, "language" varchar(20) NOT NULL, "media_type" varchar(10) NOT NULL, "sha256" varchar(64) NOT NULL, "seconds" smallint unsigned NOT NULL CHECK ("seconds" >= 0), "body" BLOB NOT NULL, "is_shown" bool NOT NULL, "kept_at" datetime NOT NULL, "kept_by_id" bigint NULL REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED, "portal_id" bigint NOT NULL REFERENCES "people_portal" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "recording_once" UNIQUE ("portal_id", "page", "language", "is_shown"))

CREATE TABLE "people_hotline" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "slug" varchar(31) NOT NULL UNIQUE, "name" varchar(120) NOT NULL, "country" varchar(2) NOT NULL, "email" varchar(254) NOT NULL, "notify_foreign_hosts" bool NOT NULL, "unused_parts" text NOT NULL CHECK ((JSON_VALID("unused_parts") OR "unused_parts" IS NULL)), "created_at" datetime NOT NULL, "commercial_first" bool NOT NULL)

CREATE TABLE "people_portal" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "slug" varchar(31) NOT NULL UNIQUE, "name" varchar(120) NOT NULL, "country" varchar(2) NOT NULL, "languages" text NOT NULL CHECK ((JSON_VALID("languages") OR "languages" IS NULL)), "emergency_number" varchar(40) NOT NULL, "police_name" varchar(120) NOT NULL, "police_email" varchar(254) NOT NULL, "police_on_danger" varchar(16) NOT NULL, "police_on_urgent" varchar(16) NOT NULL, "exit_url" varchar(200) NOT NULL, "time_zone" varchar(60) NOT NULL, "working_days" text NOT NULL CHECK ((JSON_VALID("working_days") OR "working_days" IS NULL)), "follows_holidays" bool NOT NULL, "holidays" text NOT NULL CHECK ((JSON_VALID("holidays") OR "holidays" IS NULL)), "worked_holidays" text NOT NULL CHECK ((JSON_VALID("worked_holidays") OR "worked_holidays" IS NULL)), "is_open" bool NOT NULL, "takes_reports" bool NOT NULL, "was_opened" bool NOT NULL, "own_picture" varchar(10) NOT NULL, "accountable_to" varchar(200) NOT NULL, "police_for_hosts" varchar(200) NOT NULL, "reached_at" varchar(200) NOT NULL, "run_by" varchar(200) NOT NULL, "mode" varchar(10) NOT NULL, "police_words" text NOT NULL CHECK ((JSON_VALID("police_words") OR "police_words" IS NULL)), "police_words_at" datetime NULL, "police_words_by_id" bigint NULL REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED, "emergency_confirmed" varchar(40) NOT NULL, "emergency_confirmed_at" datetime NULL, "emergency_confirmed_by_id" bigint NULL REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED, "handed_over_at" datetime NULL, "own_removal" varchar(10) NOT NULL, "formerly_id" bigint NULL REFERENCES "people_portal" ("id") DEFERRABLE INITIALLY DEFERRED)

CREATE TABLE "administration_referraltest" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "portal_id" bigint NOT NULL REFERENCES "people_portal" ("id") DEFERRABLE INITIALLY DEFERRED, "to" varchar(254) NOT NULL, "asked_at" datetime NOT NULL, "sent_at" datetime NULL, "code" integer unsigned NOT NULL CHECK ("code" >= 0), "problem" varchar(40) NOT NULL, "confirmed_at" datetime NULL)

CREATE TABLE "administration_portalhandover" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "keys" text NOT NULL CHECK ((JSON_VALID("keys") OR "keys" IS NULL)), "asked_at" datetime NOT NULL, "settled_at" datetime NULL, "outcome" varchar(10) NOT NULL, "became" bigint NULL, "reports" integer unsigned NOT NULL CHECK ("reports" >= 0), "cases" integer unsigned NOT NULL CHECK ("cases" >= 0), "last_report" bigint NOT NULL, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "portal_id" bigint NOT NULL REFERENCES "people_portal" ("id") DEFERRABLE INITIALLY DEFERRED, "to_id" bigint NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "asked_by_id" bigint NULL REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED, "settled_by_id" bigint NULL REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED)

CREATE TABLE "administration_personrequest" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "kind" varchar(10) NOT NULL, "subject" bigint NOT NULL, "act" varchar(6) NOT NULL, "reason" varchar(300) NOT NULL, "asked_at" datetime NOT NULL, "settled_at" datetime NULL, "outcome" varchar(10) NOT NULL, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "asked_by_id" bigint NOT NULL REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED, "settled_by_id" bigint NULL REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED)

CREATE TABLE "audit_auditrow" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "chain" bigint NOT NULL, "number" bigint NOT NULL, "at" varchar(40) NOT NULL, "event" varchar(80) NOT NULL, "actor" varchar(40) NOT NULL, "subject" varchar(80) NOT NULL, "facts" text NOT NULL, "facts_sha256" varchar(64) NOT NULL, "previous" varchar(64) NOT NULL, "hash" varchar(64) NOT NULL, "nonce" varchar(32) NULL, CONSTRAINT "audit_row_once" UNIQUE ("chain", "number"))

CREATE TABLE "audit_audithead" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "chain" bigint NOT NULL, "number" bigint NOT NULL, "hash" varchar(64) NOT NULL, "at" varchar(40) NOT NULL, "signature" varchar(128) NOT NULL, CONSTRAINT "audit_head_once" UNIQUE ("chain", "number"))

CREATE TABLE "audit_keyprint" ("name" varchar(40) NOT NULL PRIMARY KEY, "print" varchar(64) NOT NULL, "kept_at" datetime NOT NULL)

CREATE TABLE "audit_audittip" ("chain" bigint NOT NULL PRIMARY KEY, "number" bigint NOT NULL, "hash" varchar(64) NOT NULL, "at" varchar(40) NOT NULL, "signature" varchar(128) NOT NULL, "began_anew" integer DEFAULT 0 NOT NULL, "origin" varchar(200) DEFAULT '' NOT NULL, "peaks" BLOB NULL, "salt" varchar(64) NULL)

CREATE TABLE "audit_auditcheckpoint" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "chain" bigint NOT NULL, "size" bigint NOT NULL, "at" datetime NOT NULL, "body" text NOT NULL, "line" text NOT NULL, "vkey" varchar(400) NOT NULL, CONSTRAINT "audit_checkpoint_once" UNIQUE ("chain", "body"))

CREATE TABLE "audit_audittile" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "chain" bigint NOT NULL, "level" smallint NOT NULL, "number" bigint NOT NULL, "root" BLOB NOT NULL, "hashes" BLOB NOT NULL, CONSTRAINT "audit_tile_once" UNIQUE ("chain", "level", "number"))

CREATE TABLE "audit_auditcosignature" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "vkey" varchar(400) NOT NULL, "seen_at" bigint NOT NULL, "line" text NOT NULL, "checkpoint_id" bigint NOT NULL REFERENCES "audit_auditcheckpoint" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "audit_cosignature_once" UNIQUE ("checkpoint_id", "vkey", "seen_at"))

CREATE TABLE "django_content_type" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "app_label" varchar(100) NOT NULL, "model" varchar(100) NOT NULL)

CREATE TABLE "auth_group_permissions" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "group_id" integer NOT NULL REFERENCES "auth_group" ("id") DEFERRABLE INITIALLY DEFERRED, "permission_id" integer NOT NULL REFERENCES "auth_permission" ("id") DEFERRABLE INITIALLY DEFERRED)

CREATE TABLE "auth_permission" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "content_type_id" integer NOT NULL REFERENCES "django_content_type" ("id") DEFERRABLE INITIALLY DEFERRED, "codename" varchar(100) NOT NULL, "name" varchar(255) NOT NULL)

CREATE TABLE "auth_group" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "name" varchar(150) NOT NULL UNIQUE)

CREATE TABLE "awareness_resource" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "title" varchar(200) NOT NULL, "publisher" varchar(120) NOT NULL, "address" varchar(500) NOT NULL, "sha256" varchar(64) NOT NULL, "audiences" varchar(80) NOT NULL, "age_from" smallint unsigned NULL CHECK ("age_from" >= 0), "age_to" smallint unsigned NULL CHECK ("age_to" >= 0), "topics" varchar(100) NOT NULL, "languages" varchar(300) NOT NULL, "form" varchar(10) NOT NULL, "licence" varchar(80) NOT NULL, "source" varchar(200) NOT NULL, "verdict" varchar(8) NOT NULL, "answers" text NOT NULL CHECK ((JSON_VALID("answers") OR "answers" IS NULL)), "note" varchar(400) NOT NULL, "reviewed_at" datetime NULL, "link" varchar(10) NOT NULL, "misses" smallint unsigned NOT NULL CHECK ("misses" >= 0), "checked_at" datetime NULL, "next_at" datetime NULL, "created_at" datetime NOT NULL, "changed_at" datetime NOT NULL, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "reviewed_by_id" bigint NULL REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "resource_once" UNIQUE ("hotline_id", "sha256"))

CREATE TABLE "awareness_partner" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "name" varchar(120) NOT NULL, "address" varchar(500) NOT NULL, "is_oai" bool NOT NULL, "reading" varchar(12) NOT NULL, "read_at" datetime NULL, "next_at" datetime NULL, "offered" text NOT NULL, "new" integer unsigned NOT NULL CHECK ("new" >= 0), "left_out" integer unsigned NOT NULL CHECK ("left_out" >= 0), "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "partner_catalogue_once" UNIQUE ("hotline_id", "address"))

CREATE TABLE "backup_restoration" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "backup_at" datetime NOT NULL, "restored_at" datetime NOT NULL, "prepared_at" datetime NULL, "confirmed_at" datetime NULL, "confirmed_by" varchar(40) DEFAULT '' NOT NULL, "moved" bool DEFAULT 0 NOT NULL, "waiting_since" datetime NULL, "checkpoint" bigint DEFAULT 0 NOT NULL)

CREATE TABLE "hosting_location" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "kind" varchar(12) NOT NULL, "key" varchar(64) NOT NULL, "display" text NOT NULL, "comparable" text NOT NULL, "service" varchar(100) NOT NULL, "host" varchar(255) NOT NULL, "created_at" datetime NOT NULL, "way" text DEFAULT '' NOT NULL, CONSTRAINT "location_once" UNIQUE ("hotline_id", "key"))

CREATE TABLE "hosting_finding" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "location_id" bigint NOT NULL REFERENCES "hosting_location" ("id") DEFERRABLE INITIALLY DEFERRED, "kind" varchar(24) NOT NULL, "value" text NOT NULL, "source" varchar(120) NOT NULL, "at" datetime NOT NULL, "corrected_by" varchar(40) NOT NULL, "reason" varchar(300) NOT NULL)

CREATE TABLE "blocklist_import" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "list_id" bigint NOT NULL REFERENCES "blocklist_blocklist" ("id") DEFERRABLE INITIALLY DEFERRED, "source" varchar(80) NOT NULL, "form" varchar(8) NOT NULL, "sha256" varchar(64) NOT NULL, "good" integer unsigned NOT NULL CHECK ("good" >= 0), "bad" integer unsigned NOT NULL CHECK ("bad" >= 0), "added" integer unsigned NOT NULL CHECK ("added" >= 0), "removed" integer unsigned NOT NULL CHECK ("removed" >= 0), "by_id" bigint NULL REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED, "at" datetime NOT NULL)

CREATE TABLE "blocklist_blockappeal" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "entry_id" bigint NOT NULL REFERENCES "blocklist_entry" ("id") DEFERRABLE INITIALLY DEFERRED, "outside_id" bigint NOT NULL, "relation" varchar(10) NOT NULL, "text" text NOT NULL, "state" varchar(10) NOT NULL, "is_stranded" bool NOT NULL, "nobody_since" datetime NULL, "portal_id" bigint NULL REFERENCES "people_portal" ("id") DEFERRABLE INITIALLY DEFERRED, "asked_at" datetime NOT NULL, "due_at" datetime NULL, "decided_by_id" bigint NULL REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED, "decided_at" datetime NULL, "reasons" text NOT NULL, CONSTRAINT "block_appeal_once" UNIQUE ("entry_id", "outside_id"))

CREATE TABLE "blocklist_namelist" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "kind" varchar(10) NOT NULL, "as_of" date NOT NULL, "source" varchar(200) NOT NULL, "content" text NOT NULL, "names" integer unsigned NOT NULL CHECK ("names" >= 0), "by_id" bigint NULL REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED, "at" datetime NOT NULL)

CREATE TABLE "blocklist_blocklist" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "name" varchar(40) NOT NULL, "title" varchar(120) NOT NULL, "kind" varchar(10) NOT NULL, "country" varchar(2) NOT NULL, "source" varchar(80) NOT NULL, "review_days" smallint unsigned NOT NULL CHECK ("review_days" >= 0), "is_open" bool NOT NULL, "made_at" datetime NOT NULL, "agreement" varchar(300) NOT NULL, CONSTRAINT "block_list_once" UNIQUE ("hotline_id", "name"))

CREATE TABLE "blocklist_entry" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "list_id" bigint NOT NULL REFERENCES "blocklist_blocklist" ("id") DEFERRABLE INITIALLY DEFERRED, "case_id" bigint NULL, "case_reference" varchar(20) NOT NULL, "case_people" text NOT NULL CHECK ((JSON_VALID("case_people") OR "case_people" IS NULL)), "location_id" bigint NULL REFERENCES "hosting_location" ("id") DEFERRABLE INITIALLY DEFERRED, "scope" varchar(6) NOT NULL, "address" text NOT NULL, "comparable" text NOT NULL, "host" varchar(255) NOT NULL, "digest" varchar(64) NOT NULL, "reason" varchar(500) NOT NULL, "basis" varchar(500) NOT NULL, "basis_version" varchar(80) NOT NULL, "tried_by" varchar(10) NOT NULL, "tried_at" datetime NULL, "confirmed_by" text NOT NULL CHECK ((JSON_VALID("confirmed_by") OR "confirmed_by" IS NULL)), "source" varchar(80) NOT NULL, "note" varchar(300) NOT NULL, "imported_id" bigint NULL REFERENCES "blocklist_import" ("id") DEFERRABLE INITIALLY DEFERRED, "state" varchar(10) NOT NULL, "state_at" datetime NOT NULL, "ending" varchar(10) NOT NULL, "ending_comment" varchar(500) NOT NULL, "proposed_by_id" bigint NULL REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED, "proposed_at" datetime NOT NULL, "approved_by_id" bigint NULL REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED, "approved_at" datetime NULL, "review_on" date NOT NULL, "misses" smallint unsigned NOT NULL CHECK ("misses" >= 0), "checked_at" datetime NULL, "check_outcome" varchar(12) NOT NULL, "base" varchar(9) NOT NULL)

CREATE TABLE "capacity_course" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "title" varchar(200) NOT NULL, "code" varchar(40) NOT NULL, "role" varchar(16) NOT NULL, "provider" varchar(120) NOT NULL, "hours" smallint unsigned NULL CHECK ("hours" >= 0), "valid_months" smallint unsigned NOT NULL CHECK ("valid_months" >= 0), "materials" varchar(500) NOT NULL, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "course_once" UNIQUE ("hotline_id", "code"))

CREATE TABLE "capacity_need" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "role" varchar(16) NOT NULL, "country" varchar(2) NOT NULL, "people" integer unsigned NOT NULL CHECK ("people" >= 0), "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "training_need_once" UNIQUE ("hotline_id", "role", "country"))

CREATE TABLE "capacity_session" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "starts_on" date NOT NULL, "ends_on" date NOT NULL, "place" varchar(120) NOT NULL, "trainers" varchar(200) NOT NULL, "course_id" bigint NOT NULL REFERENCES "capacity_course" ("id") DEFERRABLE INITIALLY DEFERRED, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "course_session_once" UNIQUE ("hotline_id", "course_id", "starts_on", "place"))

CREATE TABLE "capacity_participation" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "person" varchar(64) NOT NULL, "name" varchar(120) NOT NULL, "organisation" varchar(120) NOT NULL, "role" varchar(16) NOT NULL, "country" varchar(2) NOT NULL, "ended_on" date NOT NULL, "before" smallint unsigned NULL CHECK ("before" >= 0), "after" smallint unsigned NULL CHECK ("after" >= 0), "course_id" bigint NOT NULL REFERENCES "capacity_course" ("id") DEFERRABLE INITIALLY DEFERRED, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "session_id" bigint NULL REFERENCES "capacity_session" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "participation_once" UNIQUE ("hotline_id", "course_id", "person", "ended_on"))

CREATE TABLE "capacity_certificate" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "number" varchar(16) NOT NULL UNIQUE, "title" varchar(200) NOT NULL, "hours" smallint unsigned NULL CHECK ("hours" >= 0), "ended_on" date NOT NULL, "given_at" datetime NOT NULL, "valid_until" date NULL, "salt" varchar(32) NOT NULL, "name_hash" varchar(64) NOT NULL, "list_number" integer unsigned NOT NULL CHECK ("list_number" >= 0), "list_index" integer unsigned NOT NULL CHECK ("list_index" >= 0), "reason" varchar(16) NOT NULL, "asked_at" datetime NULL, "revoked_at" datetime NULL, "asked_by_id" bigint NULL REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED, "course_id" bigint NOT NULL REFERENCES "capacity_course" ("id") DEFERRABLE INITIALLY DEFERRED, "given_by_id" bigint NULL REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "participation_id" bigint NULL REFERENCES "capacity_participation" ("id") DEFERRABLE INITIALLY DEFERRED, "revoked_by_id" bigint NULL REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "certificate_place_once" UNIQUE ("hotline_id", "list_number", "list_index"))

CREATE TABLE "capacity_certificatekey" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "serial" integer unsigned NOT NULL CHECK ("serial" >= 0), "public" text NOT NULL CHECK ((JSON_VALID("public") OR "public" IS NULL)), "sealed" text NOT NULL, "since" datetime NOT NULL, "replaced_at" datetime NULL, "withdrawn_at" datetime NULL, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "certificate_key_once" UNIQUE ("hotline_id", "serial"))

CREATE TABLE "capacity_counsellor" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "public_key" varchar(80) NOT NULL, "key_since" datetime NULL, "appointed_at" datetime NOT NULL, "ended_at" datetime NULL, "appointed_by_id" bigint NULL REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "person_id" bigint NOT NULL REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED)

CREATE TABLE "capacity_carenote" ("finder" varchar(64) NOT NULL PRIMARY KEY, "content" BLOB NOT NULL, "day" date NOT NULL, "read_on" date NULL, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "counsellor_id" bigint NOT NULL REFERENCES "capacity_counsellor" ("id") DEFERRABLE INITIALLY DEFERRED)

CREATE TABLE "capacity_facility" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "name" varchar(120) NOT NULL, "kind" varchar(16) NOT NULL, "country" varchar(2) NOT NULL, "place" varchar(120) NOT NULL, "per_month" integer unsigned NULL CHECK ("per_month" >= 0), "waiting" integer unsigned NULL CHECK ("waiting" >= 0), "counted_on" date NULL, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "facility_once" UNIQUE ("hotline_id", "name", "country"))

CREATE TABLE "capacity_equipment" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "kind" varchar(16) NOT NULL, "name" varchar(120) NOT NULL, "count" integer unsigned NOT NULL CHECK ("count" >= 0), "ends_on" date NULL, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "facility_id" bigint NOT NULL REFERENCES "capacity_facility" ("id") DEFERRABLE INITIALLY DEFERRED)

CREATE TABLE "capacity_directoryentry" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "code" varchar(40) NOT NULL, "name" varchar(120) NOT NULL, "region" varchar(120) NOT NULL, "purpose" varchar(300) NOT NULL, "address" varchar(300) NOT NULL, "telephone" varchar(60) NOT NULL, "email" varchar(200) NOT NULL, "checked_on" date NULL, "checked_by_id" bigint NULL REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "directory_entry_once" UNIQUE ("hotline_id", "code"))

CREATE TABLE "capacity_caredate" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "on" date NOT NULL, "at" time NOT NULL, "place" varchar(120) NOT NULL, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "person_id" bigint NULL REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED, "counsellor_id" bigint NOT NULL REFERENCES "capacity_counsellor" ("id") DEFERRABLE INITIALLY DEFERRED, "is_cancelled" bool NOT NULL)

CREATE TABLE "intake_item" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "report_id" bigint NOT NULL REFERENCES "intake_report" ("id") DEFERRABLE INITIALLY DEFERRED, "kind" varchar(20) NOT NULL, "typed" text NOT NULL, "display" text NOT NULL, "comparable" text NOT NULL, "service" varchar(100) NOT NULL, "state" varchar(10) NOT NULL, "reason" varchar(40) NOT NULL, "state_changed_at" datetime NOT NULL)

CREATE TABLE "intake_reportermessage" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "report_id" bigint NOT NULL REFERENCES "intake_report" ("id") DEFERRABLE INITIALLY DEFERRED, "direction" varchar(15) NOT NULL, "form" varchar(10) NOT NULL, "text" text NOT NULL, "code" varchar(30) NOT NULL, "texts" text NOT NULL CHECK ((JSON_VALID("texts") OR "texts" IS NULL)), "at" datetime NOT NULL, "asked_by_id" bigint NULL REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED, "answers_id" bigint NULL UNIQUE REFERENCES "intake_reportermessage" ("id") DEFERRABLE INITIALLY DEFERRED, "answered_at" datetime NULL, "withdrawn_at" datetime NULL, "asked" text DEFAULT '' NOT NULL)

CREATE TABLE "intake_cannedquestion" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "code" varchar(30) NOT NULL, "form" varchar(10) NOT NULL, "texts" text NOT NULL CHECK ((JSON_VALID("texts") OR "texts" IS NULL)), "is_off" bool NOT NULL, CONSTRAINT "one_question_per_code" UNIQUE ("hotline_id", "code"))

CREATE TABLE "intake_reviewrequest" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "report_id" bigint NOT NULL REFERENCES "intake_report" ("id") DEFERRABLE INITIALLY DEFERRED, "text" text NOT NULL, "asked_at" datetime NOT NULL, "settled_at" datetime NULL, "outcome" varchar(10) NOT NULL, "reasons" text NOT NULL, "statement" text NOT NULL)

CREATE TABLE "intake_outsideappeal" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "portal_id" bigint NOT NULL REFERENCES "people_portal" ("id") DEFERRABLE INITIALLY DEFERRED, "kind" varchar(20) NOT NULL, "typed" text NOT NULL, "display" text NOT NULL, "comparable" text NOT NULL, "service" varchar(100) NOT NULL, "relation" varchar(10) NOT NULL, "text" text NOT NULL, "contact" varchar(254) NOT NULL, "language" varchar(20) NOT NULL, "report_id" bigint NULL UNIQUE REFERENCES "intake_report" ("id") DEFERRABLE INITIALLY DEFERRED, "state" varchar(10) NOT NULL, "outcome" varchar(10) NOT NULL, "reasons" text NOT NULL, "statement" text NOT NULL, "state_changed_at" datetime NOT NULL, "received_at" datetime NOT NULL, "withdrawn_at" datetime NULL, "receipt_hash" varchar(64) NULL UNIQUE, "receipt_turn" smallint unsigned NOT NULL CHECK ("receipt_turn" >= 0), "once_digest" varchar(64) NULL UNIQUE, "contact_days" integer unsigned NULL CHECK ("contact_days" >= 0), "traces" text NULL CHECK ((JSON_VALID("traces") OR "traces" IS NULL)))

CREATE TABLE "casework_savedview" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "by_id" bigint NOT NULL REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED, "name" varchar(60) NOT NULL, "asked" text NOT NULL CHECK ((JSON_VALID("asked") OR "asked" IS NULL)), "is_shared" bool NOT NULL, "made_at" datetime NOT NULL, CONSTRAINT "saved_view_once" UNIQUE ("hotline_id", "by_id", "name"))

CREATE TABLE "casework_listtaken" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "by_id" bigint NOT NULL REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED, "asked" text NOT NULL CHECK ((JSON_VALID("asked") OR "asked" IS NULL)), "cases" integer unsigned NOT NULL CHECK ("cases" >= 0), "with_addresses" bool NOT NULL, "reason" varchar(500) NOT NULL, "at" datetime NOT NULL)

CREATE TABLE "casework_bulkrun" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "by_id" bigint NOT NULL REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED, "facts" text NOT NULL CHECK ((JSON_VALID("facts") OR "facts" IS NULL)), "outcome" varchar(12) NOT NULL, "reason" smallint unsigned NULL CHECK ("reason" >= 0), "comment" text NOT NULL, "seen" varchar(10) NOT NULL, "at" datetime NOT NULL, "finished_at" datetime NULL)

CREATE TABLE "casework_casesequence" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "year" smallint unsigned NOT NULL CHECK ("year" >= 0), "last" bigint unsigned NOT NULL CHECK ("last" >= 0), CONSTRAINT "case_sequence_once" UNIQUE ("hotline_id", "year"))

CREATE TABLE "casework_case" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "portal_id" bigint NOT NULL REFERENCES "people_portal" ("id") DEFERRABLE INITIALLY DEFERRED, "reference" varchar(20) NOT NULL, "location_id" bigint NOT NULL REFERENCES "hosting_location" ("id") DEFERRABLE INITIALLY DEFERRED, "state" varchar(12) NOT NULL, "lane" varchar(12) NOT NULL, "priority" bigint NOT NULL, "urgent" bool NOT NULL, "urgent_since" datetime NULL, "passed_at" datetime NULL, "known" bool NOT NULL, "appealed" bool NOT NULL, "returned" bool NOT NULL, "held_until" datetime NULL, "news_at" datetime NULL, "report_count" integer unsigned NOT NULL CHECK ("report_count" >= 0), "place" varchar(8) NOT NULL, "country" varchar(2) NOT NULL, "language" varchar(12) NOT NULL, "source" varchar(10) NOT NULL, "merged_into_id" bigint NULL REFERENCES "casework_case" ("id") DEFERRABLE INITIALLY DEFERRED, "claimed_by_id" bigint NULL REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED, "claimed_until" datetime NULL, "first_assessor_id" bigint NULL REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED, "cycle" smallint unsigned NOT NULL CHECK ("cycle" >= 0), "second_assessor_id" bigint NULL REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED, "in_adjudication" bool NOT NULL, "acted_by_id" bigint NULL REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED, "outcome" varchar(12) NOT NULL, "close_reason" smallint unsigned NULL CHECK ("close_reason" >= 0), "close_comment" text NOT NULL, "received_at" datetime NOT NULL, "first_assessed_at" datetime NULL, "decided_at" datetime NULL, "police_told_at" datetime NULL, "host_told_at" datetime NULL, "removed_at" datetime NULL, "closed_at" datetime NULL, "named_with_id" bigint NULL REFERENCES "casework_case" ("id") DEFERRABLE INITIALLY DEFERRED, "not_urgent_by_id" bigint NULL REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED, "marked_by_id" bigint NULL REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "case_reference_once" UNIQUE ("hotline_id", "reference"), CONSTRAINT "case_location_once" UNIQUE ("hotline_id", "location_id"))

CREATE TABLE "casework_bulkitem" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "run_id" bigint NOT NULL REFERENCES "casework_bulkrun" ("id") DEFERRABLE INITIALLY DEFERRED, "case_id" bigint NOT NULL REFERENCES "casework_case" ("id") DEFERRABLE INITIALLY DEFERRED, "state" varchar(8) NOT NULL, "led_to" varchar(20) NOT NULL, "refusal" varchar(40) NOT NULL, CONSTRAINT "bulk_item_once" UNIQUE ("run_id", "case_id"))

CREATE TABLE "casework_merging" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "kind" varchar(8) NOT NULL, "case_id" bigint NOT NULL REFERENCES "casework_case" ("id") DEFERRABLE INITIALLY DEFERRED, "other_id" bigint NOT NULL REFERENCES "casework_case" ("id") DEFERRABLE INITIALLY DEFERRED, "items" text NOT NULL CHECK ((JSON_VALID("items") OR "items" IS NULL)), "before" text NOT NULL CHECK ((JSON_VALID("before") OR "before" IS NULL)), "reason" varchar(500) NOT NULL, "by_id" bigint NOT NULL REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED, "at" datetime NOT NULL, "undone_at" datetime NULL)

CREATE TABLE "casework_caseitem" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "case_id" bigint NOT NULL REFERENCES "casework_case" ("id") DEFERRABLE INITIALLY DEFERRED, "item_id" bigint NOT NULL UNIQUE REFERENCES "intake_item" ("id") DEFERRABLE INITIALLY DEFERRED)

CREATE TABLE "casework_assessment" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "case_id" bigint NOT NULL REFERENCES "casework_case" ("id") DEFERRABLE INITIALLY DEFERRED, "by_id" bigint NULL REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED, "cycle" smallint unsigned NOT NULL CHECK ("cycle" >= 0), "round" varchar(12) NOT NULL, "outcome" varchar(12) NOT NULL, "reason" smallint unsigned NULL CHECK ("reason" >= 0), "comment" text NOT NULL, "facts" text NOT NULL CHECK ((JSON_VALID("facts") OR "facts" IS NULL)), "seen" varchar(10) NOT NULL, "law_version" varchar(80) NOT NULL, "opinions" text NOT NULL CHECK ((JSON_VALID("opinions") OR "opinions" IS NULL)), "at" datetime NOT NULL)

CREATE TABLE "casework_part" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "case_id" bigint NOT NULL REFERENCES "casework_case" ("id") DEFERRABLE INITIALLY DEFERRED, "by_id" bigint NOT NULL REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED, "act" varchar(20) NOT NULL, "cycle" smallint unsigned NOT NULL CHECK ("cycle" >= 0), "at" datetime NOT NULL)

CREATE TABLE "casework_sampledassessment" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "case_id" bigint NOT NULL REFERENCES "casework_case" ("id") DEFERRABLE INITIALLY DEFERRED, "first_id" bigint NOT NULL UNIQUE REFERENCES "casework_assessment" ("id") DEFERRABLE INITIALLY DEFERRED, "why" varchar(10) NOT NULL, "state" varchar(10) NOT NULL, "taken_by_id" bigint NULL REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED, "taken_until" datetime NULL, "assessment_id" bigint NULL UNIQUE REFERENCES "casework_assessment" ("id") DEFERRABLE INITIALLY DEFERRED, "drawn_at" datetime NOT NULL)

CREATE TABLE "casework_sampledassessment_readers" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "sampledassessment_id" bigint NOT NULL REFERENCES "casework_sampledassessment" ("id") DEFERRABLE INITIALLY DEFERRED, "user_id" bigint NOT NULL REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED)

CREATE TABLE "casework_draft" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "case_id" bigint NOT NULL REFERENCES "casework_case" ("id") DEFERRABLE INITIALLY DEFERRED, "by_id" bigint NOT NULL REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED, "kind" varchar(10) NOT NULL, "facts" text NOT NULL CHECK ((JSON_VALID("facts") OR "facts" IS NULL)), "seen" varchar(10) NOT NULL, "text" text NOT NULL, "at" datetime NOT NULL, CONSTRAINT "draft_once" UNIQUE ("case_id", "by_id", "kind"))

CREATE TABLE "casework_appeal" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "portal_id" bigint NOT NULL REFERENCES "people_portal" ("id") DEFERRABLE INITIALLY DEFERRED, "case_id" bigint NULL REFERENCES "casework_case" ("id") DEFERRABLE INITIALLY DEFERRED, "origin" varchar(10) NOT NULL, "origin_id" bigint NOT NULL, "state" varchar(10) NOT NULL, "text" text NOT NULL, "asked_at" datetime NOT NULL, "due_at" datetime NOT NULL, "decided_by_id" bigint NULL REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED, "decided_at" datetime NULL, "reasons" text NOT NULL, CONSTRAINT "appeal_once" UNIQUE ("case_id", "origin", "origin_id"))

CREATE TABLE "casework_appealreply" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "appeal_id" bigint NOT NULL REFERENCES "casework_appeal" ("id") DEFERRABLE INITIALLY DEFERRED, "by_id" bigint NOT NULL REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED, "text" text NOT NULL, "at" datetime NOT NULL, CONSTRAINT "appeal_reply_once" UNIQUE ("appeal_id", "by_id"))

CREATE TABLE "casework_note" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "case_id" bigint NOT NULL REFERENCES "casework_case" ("id") DEFERRABLE INITIALLY DEFERRED, "by_id" bigint NULL REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED, "text" text NOT NULL, "at" datetime NOT NULL)

CREATE TABLE "casework_view" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "case_id" bigint NOT NULL REFERENCES "casework_case" ("id") DEFERRABLE INITIALLY DEFERRED, "file_id" bigint NOT NULL, "by_id" bigint NOT NULL REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED, "reason" varchar(12) NOT NULL, "blurred" bool NOT NULL, "part" smallint unsigned NOT NULL CHECK ("part" >= 0), "page" integer unsigned NOT NULL CHECK ("page" >= 0), "weight" smallint unsigned NOT NULL CHECK ("weight" >= 0), "changed" bool NOT NULL, "cycle" smallint unsigned NOT NULL CHECK ("cycle" >= 0), "was_shown" bool NOT NULL, "at" datetime NOT NULL)

CREATE TABLE "casework_deskday" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "by_id" bigint NOT NULL REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED, "day" date NOT NULL, "spent" integer unsigned NOT NULL CHECK ("spent" >= 0), "worked" bigint NOT NULL, "stretch_from" datetime NULL, "last_at" datetime NULL, "is_off" bool NOT NULL, CONSTRAINT "desk_day_once" UNIQUE ("hotline_id", "day", "by_id"))

CREATE TABLE "casework_desklimits" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "hotline_id" bigint NOT NULL UNIQUE REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "desk_minutes" smallint unsigned NOT NULL CHECK ("desk_minutes" >= 0), "previews" smallint unsigned NOT NULL CHECK ("previews" >= 0), "stretch_minutes" smallint unsigned NOT NULL CHECK ("stretch_minutes" >= 0), "break_minutes" smallint unsigned NOT NULL CHECK ("break_minutes" >= 0), "last_hour" smallint unsigned NOT NULL CHECK ("last_hour" >= 0), "clear_weight" smallint unsigned NOT NULL CHECK ("clear_weight" >= 0), "heavy_weight" smallint unsigned NOT NULL CHECK ("heavy_weight" >= 0), "heaviest_weight" smallint unsigned NOT NULL CHECK ("heaviest_weight" >= 0), "reason" text NOT NULL, "by_id" bigint NULL REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED, "at" datetime NOT NULL)

CREATE TABLE "casework_alteredfile" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "file_number" bigint NOT NULL, "record_number" bigint NOT NULL, "alteration" varchar(16) NOT NULL, "distance_bits" smallint unsigned NOT NULL CHECK ("distance_bits" >= 0), "at" datetime NOT NULL, "case_id" bigint NOT NULL REFERENCES "casework_case" ("id") DEFERRABLE INITIALLY DEFERRED, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "altered_file_once" UNIQUE ("case_id", "file_number"))

CREATE TABLE "casework_pendingaction" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "case_id" bigint NOT NULL UNIQUE REFERENCES "casework_case" ("id") DEFERRABLE INITIALLY DEFERRED, "by_id" bigint NOT NULL REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED, "act" varchar(20) NOT NULL, "made" text NOT NULL CHECK ((JSON_VALID("made") OR "made" IS NULL)), "until" datetime NOT NULL, "changed" text NOT NULL CHECK ((JSON_VALID("changed") OR "changed" IS NULL)))

CREATE TABLE "clocks_ruleversion" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "portal_id" bigint NOT NULL REFERENCES "people_portal" ("id") DEFERRABLE INITIALLY DEFERRED, "kind" varchar(24) NOT NULL, "number" integer unsigned NOT NULL CHECK ("number" >= 0), "amount" real NOT NULL, "unit" varchar(12) NOT NULL, "pauses" text NOT NULL CHECK ((JSON_VALID("pauses") OR "pauses" IS NULL)), "steps" text NOT NULL CHECK ((JSON_VALID("steps") OR "steps" IS NULL)), "by_id" bigint NULL REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED, "since" datetime NOT NULL, "is_current" bool NOT NULL, CONSTRAINT "clock_rule_once" UNIQUE ("portal_id", "kind", "number"))

CREATE TABLE "clocks_clock" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "portal_id" bigint NOT NULL REFERENCES "people_portal" ("id") DEFERRABLE INITIALLY DEFERRED, "case_id" bigint NOT NULL, "reference" varchar(20) NOT NULL, "kind" varchar(24) NOT NULL, "about_id" bigint NOT NULL, "run" integer unsigned NOT NULL CHECK ("run" >= 0), "rule_kind" varchar(24) NOT NULL, "rule_id" bigint NULL REFERENCES "clocks_ruleversion" ("id") DEFERRABLE INITIALLY DEFERRED, "law" text NOT NULL, "law_hours" real NULL, "state" varchar(8) NOT NULL, "started_at" datetime NOT NULL, "not_before" datetime NULL, "due_at" datetime NOT NULL, "paused_at" datetime NULL, "pause_reason" varchar(12) NOT NULL, "pauses" text NOT NULL CHECK ((JSON_VALID("pauses") OR "pauses" IS NULL)), "met_at" datetime NULL, "holder_id" bigint NULL, CONSTRAINT "clock_once" UNIQUE ("case_id", "kind", "about_id"))

CREATE TABLE "clocks_escalation" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "clock_id" bigint NOT NULL REFERENCES "clocks_clock" ("id") DEFERRABLE INITIALLY DEFERRED, "run" integer unsigned NOT NULL CHECK ("run" >= 0), "act" varchar(10) NOT NULL, "at" datetime NOT NULL, "to_id" bigint NULL, "outcome" varchar(12) NOT NULL, CONSTRAINT "escalation_once" UNIQUE ("clock_id", "run", "act"))

CREATE TABLE "clocks_oncall" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "portal_id" bigint NOT NULL UNIQUE REFERENCES "people_portal" ("id") DEFERRABLE INITIALLY DEFERRED, "email" varchar(254) NOT NULL)

CREATE TABLE "exchange_owncard" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "competences" text NOT NULL CHECK ((JSON_VALID("competences") OR "competences" IS NULL)), "serial" integer unsigned NOT NULL CHECK ("serial" >= 0), "rotated_at" datetime NULL, "hotline_id" bigint NOT NULL UNIQUE REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED)

CREATE TABLE "exchange_peer" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "identifier" varchar(32) NOT NULL, "name" varchar(200) NOT NULL, "url" varchar(300) NOT NULL, "countries" text NOT NULL CHECK ((JSON_VALID("countries") OR "countries" IS NULL)), "languages" text NOT NULL CHECK ((JSON_VALID("languages") OR "languages" IS NULL)), "competences" text NOT NULL CHECK ((JSON_VALID("competences") OR "competences" IS NULL)), "is_fallback" bool NOT NULL, "state" varchar(12) NOT NULL, "our_serial" integer unsigned NOT NULL CHECK ("our_serial" >= 0), "added_at" datetime NOT NULL, "confirmed_at" datetime NULL, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "peer_once" UNIQUE ("hotline_id", "identifier"))

CREATE TABLE "exchange_peerinvitation" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "made_at" datetime NOT NULL, "expires_at" datetime NOT NULL, "withdrawn_at" datetime NULL, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "made_by_id" bigint NULL REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED, "peer_id" bigint NULL REFERENCES "exchange_peer" ("id") DEFERRABLE INITIALLY DEFERRED)

CREATE TABLE "exchange_peerkey" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "name" varchar(32) NOT NULL, "public" BLOB NOT NULL, "since" datetime NOT NULL, "until" datetime NULL, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "peer_id" bigint NOT NULL REFERENCES "exchange_peer" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "peer_key_once" UNIQUE ("hotline_id", "name"))

CREATE TABLE "exchange_exchangemessage" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "side" varchar(9) NOT NULL, "number" smallint unsigned NOT NULL CHECK ("number" >= 0), "seen" smallint unsigned NOT NULL CHECK ("seen" >= 0), "kind" varchar(12) NOT NULL, "what" varchar(12) NOT NULL, "about" smallint unsigned NOT NULL CHECK ("about" >= 0), "at" datetime NOT NULL, "details" text NOT NULL CHECK ((JSON_VALID("details") OR "details" IS NULL)), "stored_at" datetime NOT NULL, "waits_since" datetime NULL, "state" varchar(8) NOT NULL, "tries" smallint unsigned NOT NULL CHECK ("tries" >= 0), "problem" varchar(100) NOT NULL, "sent_at" datetime NULL, "receipt" text NULL CHECK ((JSON_VALID("receipt") OR "receipt" IS NULL)), "by_id" bigint NULL REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED, "exchange_id" bigint NOT NULL REFERENCES "exchange_exchange" ("id") DEFERRABLE INITIALLY DEFERRED, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "peer_id" bigint NOT NULL REFERENCES "exchange_peer" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "exchange_message_once" UNIQUE ("exchange_id", "side", "number"))

CREATE TABLE "exchange_exchange" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "uid" varchar(36) NOT NULL, "side" varchar(9) NOT NULL, "item" varchar(36) NOT NULL, "path" text NOT NULL CHECK ((JSON_VALID("path") OR "path" IS NULL)), "case_id" bigint NULL, "report_id" bigint NULL, "address" text NOT NULL, "country" varchar(2) NOT NULL, "is_urgent" bool NOT NULL, "stage" varchar(12) NOT NULL, "grade" varchar(12) NOT NULL, "begun_at" datetime NOT NULL, "sent_at" datetime NULL, "answered_at" datetime NULL, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "peer_id" bigint NOT NULL REFERENCES "exchange_peer" ("id") DEFERRABLE INITIALLY DEFERRED, "is_imported" bool NOT NULL, "is_known" bool NOT NULL, CONSTRAINT "exchange_once" UNIQUE ("hotline_id", "uid"))

CREATE TABLE "exchange_peerrestoring" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "backup_at" datetime NOT NULL, "restored_at" datetime NOT NULL, "told_at" datetime NOT NULL, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "peer_id" bigint NOT NULL REFERENCES "exchange_peer" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "peer_restoring_once" UNIQUE ("peer_id", "backup_at", "restored_at"))

CREATE TABLE "hashbank_bankclock" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "hotline_id" bigint NOT NULL UNIQUE REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "revision" bigint unsigned NOT NULL CHECK ("revision" >= 0))

CREATE TABLE "hashbank_investigation" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "record_id" bigint NOT NULL REFERENCES "hashbank_record" ("id") DEFERRABLE INITIALLY DEFERRED, "agency" varchar(120) NOT NULL, "reference" varchar(80) NOT NULL, "contact" varchar(200) NOT NULL, "outcome" varchar(20) NOT NULL, "restricted" bool NOT NULL, "at" datetime NOT NULL, CONSTRAINT "investigation_once" UNIQUE ("record_id", "agency", "reference"))

CREATE TABLE "hashbank_sighting" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "record_id" bigint NOT NULL REFERENCES "hashbank_record" ("id") DEFERRABLE INITIALLY DEFERRED, "case_id" bigint NOT NULL, "match" varchar(5) NOT NULL, "distance_bits" smallint unsigned NOT NULL CHECK ("distance_bits" >= 0), "at" datetime NOT NULL, CONSTRAINT "sighting_once" UNIQUE ("hotline_id", "record_id", "case_id"))

CREATE TABLE "hashbank_indexchange" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "first" bigint unsigned NOT NULL CHECK ("first" >= 0), "last" bigint unsigned NOT NULL CHECK ("last" >= 0), "at" datetime NOT NULL)

CREATE TABLE "hashbank_feedback" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "record_id" bigint NOT NULL REFERENCES "hashbank_record" ("id") DEFERRABLE INITIALLY DEFERRED, "source" varchar(80) NOT NULL, "is_true" bool NOT NULL, "at" datetime NOT NULL, "was_right" bool NULL, CONSTRAINT "feedback_once" UNIQUE ("record_id", "source"))

CREATE TABLE "hashbank_inquiry" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "agency" varchar(120) NOT NULL, "reference" varchar(80) NOT NULL, "contact" varchar(200) NOT NULL, "restriction" varchar(120) NOT NULL, "by" varchar(40) NOT NULL, "asked" bigint unsigned NOT NULL CHECK ("asked" >= 0), "found" bigint unsigned NOT NULL CHECK ("found" >= 0), "at" datetime NOT NULL, "last_at" datetime NOT NULL, CONSTRAINT "inquiry_once" UNIQUE ("hotline_id", "agency", "reference"))

CREATE TABLE "hashbank_inquirymatch" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "inquiry_id" bigint NOT NULL REFERENCES "hashbank_inquiry" ("id") DEFERRABLE INITIALLY DEFERRED, "record_id" bigint NOT NULL REFERENCES "hashbank_record" ("id") DEFERRABLE INITIALLY DEFERRED, "match" varchar(5) NOT NULL, "at" datetime NOT NULL, CONSTRAINT "inquiry_match_once" UNIQUE ("inquiry_id", "record_id"))

CREATE TABLE "hashbank_listversion" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "list_id" bigint NOT NULL REFERENCES "hashbank_hashlist" ("id") DEFERRABLE INITIALLY DEFERRED, "version" bigint unsigned NOT NULL CHECK ("version" >= 0), "base" bigint unsigned NOT NULL CHECK ("base" >= 0), "revision" bigint unsigned NOT NULL CHECK ("revision" >= 0), "made_at" datetime NOT NULL, "entries" bigint unsigned NOT NULL CHECK ("entries" >= 0), "drops" bigint unsigned NOT NULL CHECK ("drops" >= 0), "bytes" bigint unsigned NOT NULL CHECK ("bytes" >= 0), "sha256" varchar(64) NOT NULL, "signature" varchar(100) NOT NULL, CONSTRAINT "list_version_once" UNIQUE ("list_id", "version", "base"))

CREATE TABLE "hashbank_listreader" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "list_id" bigint NOT NULL REFERENCES "hashbank_hashlist" ("id") DEFERRABLE INITIALLY DEFERRED, "key_id" bigint NOT NULL, "since" datetime NOT NULL, "form" varchar(20) NOT NULL, "version" bigint unsigned NOT NULL CHECK ("version" >= 0), "at" datetime NULL, "failed_at" datetime NULL, "failure" varchar(40) NOT NULL, "alarm" varchar(20) NOT NULL, "alarm_at" datetime NULL, CONSTRAINT "list_reader_once" UNIQUE ("list_id", "key_id"))

CREATE TABLE "hashbank_membership" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "record_id" bigint NOT NULL REFERENCES "hashbank_record" ("id") DEFERRABLE INITIALLY DEFERRED, "bank_id" bigint NOT NULL REFERENCES "hashbank_bank" ("id") DEFERRABLE INITIALLY DEFERRED, "brought_by" bigint NOT NULL, CONSTRAINT "membership_once" UNIQUE ("bank_id", "record_id"))

CREATE TABLE "hashbank_ruling" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "record_id" bigint NOT NULL REFERENCES "hashbank_record" ("id") DEFERRABLE INITIALLY DEFERRED, "verdict" varchar(12) NOT NULL, "reason" varchar(300) NOT NULL, "covers" text NOT NULL CHECK ((JSON_VALID("covers") OR "covers" IS NULL)), "by" varchar(40) NOT NULL, "at" datetime NOT NULL, "needs_second" bool NOT NULL, "second_by" varchar(40) NOT NULL, "second_at" datetime NULL, "ended_at" datetime NULL, "ended_by" varchar(40) NOT NULL)

CREATE TABLE "hashbank_vote" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "record_id" bigint NOT NULL REFERENCES "hashbank_record" ("id") DEFERRABLE INITIALLY DEFERRED, "source_id" bigint NOT NULL REFERENCES "hashbank_source" ("id") DEFERRABLE INITIALLY DEFERRED, "via_id" bigint NOT NULL REFERENCES "hashbank_source" ("id") DEFERRABLE INITIALLY DEFERRED, "verdict" varchar(12) NOT NULL, "label" varchar(40) NOT NULL, "facts" text NOT NULL CHECK ((JSON_VALID("facts") OR "facts" IS NULL)), "share" varchar(8) NOT NULL, "foreign_id" varchar(60) NOT NULL, "at" datetime NOT NULL, "withdrawn_at" datetime NULL, "case_id" bigint NOT NULL, "brought_by" bigint NOT NULL, "person" bigint NULL, CONSTRAINT "vote_once_each_way" UNIQUE ("record_id", "source_id", "via_id"))

CREATE TABLE "hashbank_matchcount" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "hash_id" bigint NOT NULL REFERENCES "hashbank_recordhash" ("id") DEFERRABLE INITIALLY DEFERRED, "day" date NOT NULL, "subscriber" varchar(80) NOT NULL, "matches" integer unsigned NOT NULL CHECK ("matches" >= 0), CONSTRAINT "match_count_once" UNIQUE ("hash_id", "day", "subscriber"))

CREATE TABLE "hashbank_record" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "revision" bigint unsigned NOT NULL CHECK ("revision" >= 0), "media" varchar(10) NOT NULL, "state" varchar(12) NOT NULL, "is_baseline" bool NOT NULL, "facts" text NOT NULL CHECK ((JSON_VALID("facts") OR "facts" IS NULL)), "series" varchar(120) NOT NULL, "victim_status" varchar(12) NOT NULL, "offender_status" varchar(12) NOT NULL, "first_seen" datetime NOT NULL, "last_seen" datetime NOT NULL, "brought_by" bigint NOT NULL)

CREATE TABLE "hashbank_hashlist" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "name" varchar(60) NOT NULL, "title" varchar(200) NOT NULL, "banks" text NOT NULL CHECK ((JSON_VALID("banks") OR "banks" IS NULL)), "kinds" text NOT NULL CHECK ((JSON_VALID("kinds") OR "kinds" IS NULL)), "baseline_only" bool NOT NULL, "formats" text NOT NULL CHECK ((JSON_VALID("formats") OR "formats" IS NULL)), "readers" text NOT NULL CHECK ((JSON_VALID("readers") OR "readers" IS NULL)), "selected_at" datetime NULL, "harmless" bool NOT NULL, CONSTRAINT "hash_list_once" UNIQUE ("hotline_id", "name"))

CREATE TABLE "hashbank_clientexchange" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "api" varchar(30) NOT NULL, "settings" text NOT NULL CHECK ((JSON_VALID("settings") OR "settings" IS NULL)), "enabled" bool NOT NULL, "made_at" datetime NOT NULL, "bank_id" bigint NOT NULL UNIQUE REFERENCES "hashbank_bank" ("id") DEFERRABLE INITIALLY DEFERRED, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "owner_id" bigint NOT NULL REFERENCES "hashbank_source" ("id") DEFERRABLE INITIALLY DEFERRED)

CREATE TABLE "hashbank_clientbank" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "ratio" real NOT NULL, "made_at" datetime NOT NULL, "bank_id" bigint NOT NULL UNIQUE REFERENCES "hashbank_bank" ("id") DEFERRABLE INITIALLY DEFERRED, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "owner_id" bigint NOT NULL REFERENCES "hashbank_source" ("id") DEFERRABLE INITIALLY DEFERRED)

CREATE TABLE "hashbank_clientcontent" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "signals" text NOT NULL CHECK ((JSON_VALID("signals") OR "signals" IS NULL)), "metadata" text NULL CHECK ((JSON_VALID("metadata") OR "metadata" IS NULL)), "note" varchar(255) NOT NULL, "disable_until" bigint NOT NULL, "joined" bool NOT NULL, "voted" bool NOT NULL, "made_at" datetime NOT NULL, "bank_id" bigint NOT NULL REFERENCES "hashbank_bank" ("id") DEFERRABLE INITIALLY DEFERRED, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "owner_id" bigint NOT NULL REFERENCES "hashbank_source" ("id") DEFERRABLE INITIALLY DEFERRED, "record_id" bigint NOT NULL REFERENCES "hashbank_record" ("id") DEFERRABLE INITIALLY DEFERRED)

CREATE TABLE "hashbank_bank" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "number" integer unsigned NOT NULL CHECK ("number" >= 0), "name" varchar(60) NOT NULL, "radius" smallint unsigned NOT NULL CHECK ("radius" >= 0), "harmless" bool NOT NULL, "paused_until" datetime NULL, "keeps_windows" bool NOT NULL, CONSTRAINT "bank_number_once" UNIQUE ("hotline_id", "number"), CONSTRAINT "bank_name_once" UNIQUE ("hotline_id", "name"))

CREATE TABLE "hashbank_recordhash" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "record_id" bigint NOT NULL REFERENCES "hashbank_record" ("id") DEFERRABLE INITIALLY DEFERRED, "kind" smallint unsigned NOT NULL CHECK ("kind" >= 0), "key" bigint NOT NULL, "value" BLOB NOT NULL, "quality" smallint unsigned NULL CHECK ("quality" >= 0), "second" real NULL, "aside" bool NOT NULL, "kept_here" bool NOT NULL)

CREATE TABLE "hashbank_recordwindow" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "code" BLOB NOT NULL, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "record_id" bigint NOT NULL REFERENCES "hashbank_record" ("id") DEFERRABLE INITIALLY DEFERRED)

CREATE TABLE "hashbank_sourcechange" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "act" varchar(8) NOT NULL, "by" varchar(40) NOT NULL, "at" datetime NOT NULL, "answered_by" varchar(40) NOT NULL, "answered_at" datetime NULL, "agreed" bool NOT NULL, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "into_id" bigint NULL REFERENCES "hashbank_source" ("id") DEFERRABLE INITIALLY DEFERRED, "source_id" bigint NOT NULL REFERENCES "hashbank_source" ("id") DEFERRABLE INITIALLY DEFERRED)

CREATE TABLE "hashbank_sourcefeedback" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "foreign_id" varchar(60) NOT NULL, "wanted" varchar(12) NOT NULL, "sent" varchar(12) NOT NULL, "state" varchar(8) NOT NULL, "status" smallint unsigned NOT NULL CHECK ("status" >= 0), "at" datetime NOT NULL, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "live_id" bigint NOT NULL REFERENCES "hashbank_livesource" ("id") DEFERRABLE INITIALLY DEFERRED, "record_id" bigint NOT NULL REFERENCES "hashbank_record" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "source_feedback_once" UNIQUE ("live_id", "record_id", "foreign_id"))

CREATE TABLE "hashbank_votechange" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "verdict" varchar(12) NOT NULL, "reason" varchar(300) NOT NULL, "label" varchar(40) NOT NULL, "facts" text NOT NULL CHECK ((JSON_VALID("facts") OR "facts" IS NULL)), "case_id" bigint NOT NULL, "by" varchar(40) NOT NULL, "at" datetime NOT NULL, "answered_by" varchar(40) NOT NULL, "answered_at" datetime NULL, "agreed" bool NOT NULL, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "record_id" bigint NOT NULL REFERENCES "hashbank_record" ("id") DEFERRABLE INITIALLY DEFERRED)

CREATE TABLE "hashbank_import" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "source" varchar(80) NOT NULL, "format" varchar(20) NOT NULL, "file_name" varchar(200) NOT NULL, "sha256" varchar(64) NOT NULL, "bank_id" bigint NOT NULL REFERENCES "hashbank_bank" ("id") DEFERRABLE INITIALLY DEFERRED, "by" varchar(40) NOT NULL, "started_at" datetime NOT NULL, "finished_at" datetime NULL, "rows" bigint unsigned NOT NULL CHECK ("rows" >= 0), "added" bigint unsigned NOT NULL CHECK ("added" >= 0), "joined" bigint unsigned NOT NULL CHECK ("joined" >= 0), "withdrawn" bigint unsigned NOT NULL CHECK ("withdrawn" >= 0), "broken" bigint unsigned NOT NULL CHECK ("broken" >= 0), "problems" text NOT NULL CHECK ((JSON_VALID("problems") OR "problems" IS NULL)), "profile" varchar(20) NOT NULL, "categories" text NOT NULL CHECK ((JSON_VALID("categories") OR "categories" IS NULL)), "options" text NULL CHECK ((JSON_VALID("options") OR "options" IS NULL)), "second_by" varchar(40) NOT NULL)

CREATE TABLE "hashbank_quarantine" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "hash_id" bigint NOT NULL REFERENCES "hashbank_recordhash" ("id") DEFERRABLE INITIALLY DEFERRED, "why" varchar(16) NOT NULL, "matches" integer unsigned NOT NULL CHECK ("matches" >= 0), "at" datetime NOT NULL, "settled_at" datetime NULL, "settled_by" varchar(40) NOT NULL, "kept" bool NULL, "subscribers" integer unsigned NOT NULL CHECK ("subscribers" >= 0), "weight" real NOT NULL, "is_noted" bool NOT NULL, "aside_at" datetime NULL, "aside_by" varchar(40) NOT NULL, "aside_why" varchar(300) NOT NULL, "back_at" datetime NULL, "back_by" varchar(40) NOT NULL, "back_why" varchar(300) NOT NULL)

CREATE TABLE "hashbank_source" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "name" varchar(80) NOT NULL, "name_key" varchar(80) NOT NULL, "is_ours" bool NOT NULL, "vouches" bool NOT NULL, "merged_by" varchar(40) NOT NULL, "merged_at" datetime NULL, "first_at" datetime NOT NULL, "registered_at" datetime NULL, "registered_by" varchar(40) NOT NULL, "merged_into_id" bigint NULL REFERENCES "hashbank_source" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "source_once" UNIQUE ("hotline_id", "name_key"))

CREATE TABLE "hashbank_upload" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "token" varchar(32) NOT NULL UNIQUE, "file_name" varchar(200) NOT NULL, "sha256" varchar(64) NOT NULL, "bytes" bigint unsigned NOT NULL CHECK ("bytes" >= 0), "source" varchar(80) NOT NULL, "bank" varchar(60) NOT NULL, "harmless" bool NOT NULL, "format" varchar(20) NOT NULL, "state" varchar(10) NOT NULL, "done_bytes" bigint unsigned NOT NULL CHECK ("done_bytes" >= 0), "seen" text NOT NULL CHECK ((JSON_VALID("seen") OR "seen" IS NULL)), "problem" varchar(400) NOT NULL, "by" bigint NOT NULL, "at" datetime NOT NULL, "confirmed_at" datetime NULL, "import_id" bigint NOT NULL, "profile" varchar(20) NOT NULL, "mapping" text NOT NULL CHECK ((JSON_VALID("mapping") OR "mapping" IS NULL)), "proposed_at" datetime NULL, "second_by" bigint NOT NULL)

CREATE TABLE "hashbank_hashcount" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "last" bigint unsigned NOT NULL CHECK ("last" >= 0), "counts" text NOT NULL CHECK ((JSON_VALID("counts") OR "counts" IS NULL)), "hotline_id" bigint NOT NULL UNIQUE REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED)

CREATE TABLE "hashbank_livesource" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "name" varchar(60) NOT NULL, "source" varchar(80) NOT NULL, "protocol" varchar(16) NOT NULL, "url" varchar(300) NOT NULL, "part" varchar(80) NOT NULL, "own_name" varchar(80) NOT NULL, "public_key" varchar(60) NOT NULL, "sealed" text NOT NULL, "bank" varchar(60) NOT NULL, "mapping" text NOT NULL CHECK ((JSON_VALID("mapping") OR "mapping" IS NULL)), "every_minutes" integer unsigned NOT NULL CHECK ("every_minutes" >= 0), "added_by" varchar(40) NOT NULL, "added_at" datetime NOT NULL, "terms" varchar(200) NOT NULL, "agreed_on" date NULL, "agreed_by" varchar(40) NOT NULL, "agreed_at" datetime NULL, "second_by" varchar(40) NOT NULL, "second_at" datetime NULL, "paused_at" datetime NULL, "removed_at" datetime NULL, "checkpoint" text NOT NULL CHECK ((JSON_VALID("checkpoint") OR "checkpoint" IS NULL)), "serial" bigint unsigned NOT NULL CHECK ("serial" >= 0), "import_id" bigint NOT NULL, "next_at" datetime NULL, "last_at" datetime NULL, "good_at" datetime NULL, "failures" integer unsigned NOT NULL CHECK ("failures" >= 0), "problem" text NULL CHECK ((JSON_VALID("problem") OR "problem" IS NULL)), "alarm_at" datetime NULL, "rows" bigint unsigned NOT NULL CHECK ("rows" >= 0), "added" bigint unsigned NOT NULL CHECK ("added" >= 0), "joined" bigint unsigned NOT NULL CHECK ("joined" >= 0), "withdrawn" bigint unsigned NOT NULL CHECK ("withdrawn" >= 0), "broken" bigint unsigned NOT NULL CHECK ("broken" >= 0), "reason" varchar(60) NOT NULL, "previewed_at" datetime NULL, "feeds_back" bool NOT NULL, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "held" text NULL CHECK ((JSON_VALID("held") OR "held" IS NULL)), "may_withdraw" bigint unsigned NOT NULL CHECK ("may_withdraw" >= 0))

CREATE TABLE "hashbank_ownpicturehash" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "report_id" bigint NOT NULL, "file" smallint unsigned NOT NULL CHECK ("file" >= 0), "kind" smallint unsigned NOT NULL CHECK ("kind" >= 0), "key" bigint NOT NULL, "value" BLOB NOT NULL, "quality" smallint unsigned NULL CHECK ("quality" >= 0), "second" smallint unsigned NULL CHECK ("second" >= 0), "at" datetime NOT NULL, "until" datetime NOT NULL, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "matched_on" date NULL, "matches" integer unsigned NOT NULL CHECK ("matches" >= 0))

CREATE VIRTUAL TABLE hosting_location_part
USING fts5(comparable, content='hosting_location', content_rowid='id', tokenize='trigram', detail='none')

CREATE TABLE "hosting_fetch" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "location_id" bigint NOT NULL REFERENCES "hosting_location" ("id") DEFERRABLE INITIALLY DEFERRED, "at" datetime NOT NULL, "outcome" varchar(24) NOT NULL, "reason" varchar(32) NOT NULL, "status" integer unsigned NOT NULL CHECK ("status" >= 0), "final_url" text NOT NULL, "content_type" varchar(100) NOT NULL, "bytes" bigint unsigned NOT NULL CHECK ("bytes" >= 0), "sha256" varchar(64) NOT NULL, "files_named" integer unsigned NOT NULL CHECK ("files_named" >= 0), "tls_problem" varchar(120) NOT NULL, "duration_ms" integer unsigned NOT NULL CHECK ("duration_ms" >= 0), "waiting" integer unsigned NOT NULL CHECK ("waiting" >= 0), "on_behalf" varchar(40) NOT NULL, "text_print" varchar(16) NOT NULL, "with_windows" bool NOT NULL)

CREATE TABLE "hosting_foundfile" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "fetch_id" bigint NOT NULL REFERENCES "hosting_fetch" ("id") DEFERRABLE INITIALLY DEFERRED, "position" integer unsigned NOT NULL CHECK ("position" >= 0), "url" text NOT NULL, "media" varchar(8) NOT NULL, "problem" varchar(32) NOT NULL, "content_type" varchar(100) NOT NULL, "bytes" bigint unsigned NOT NULL CHECK ("bytes" >= 0), "width" integer unsigned NOT NULL CHECK ("width" >= 0), "height" integer unsigned NOT NULL CHECK ("height" >= 0), "md5" varchar(32) NOT NULL, "sha1" varchar(40) NOT NULL, "sha256" varchar(64) NOT NULL, "pdq" varchar(64) NOT NULL, "pdq_quality" integer unsigned NOT NULL CHECK ("pdq_quality" >= 0), "pdq_nn512" varchar(64) NOT NULL, "licensed" text NOT NULL CHECK ((JSON_VALID("licensed") OR "licensed" IS NULL)), "variants" text NOT NULL CHECK ((JSON_VALID("variants") OR "variants" IS NULL)), "windows" BLOB NOT NULL)

CREATE TABLE "hosting_namerecord" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "name" varchar(253) NOT NULL, "end" varchar(63) NOT NULL, "source" varchar(8) NOT NULL, "first_at" datetime NOT NULL, "last_at" datetime NOT NULL, "registrar" varchar(200) NOT NULL, "registrar_abuse" text NOT NULL CHECK ((JSON_VALID("registrar_abuse") OR "registrar_abuse" IS NULL)), "statuses" text NOT NULL CHECK ((JSON_VALID("statuses") OR "statuses" IS NULL)), "is_suspended" bool NOT NULL, "created" varchar(10) NOT NULL, "expires" varchar(10) NOT NULL, "nameservers" text NOT NULL CHECK ((JSON_VALID("nameservers") OR "nameservers" IS NULL)), "redacted" text NOT NULL CHECK ((JSON_VALID("redacted") OR "redacted" IS NULL)), "holder" text NOT NULL CHECK ((JSON_VALID("holder") OR "holder" IS NULL)), "has_holder" bool NOT NULL, "holder_key" varchar(64) NOT NULL, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "place_id" bigint NULL)

CREATE TABLE "hosting_namehop" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "name" varchar(253) NOT NULL, "other" varchar(253) NOT NULL, "by" text NOT NULL CHECK ((JSON_VALID("by") OR "by" IS NULL)), "at" datetime NOT NULL, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "location_id" bigint NOT NULL REFERENCES "hosting_location" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "name_hop_once" UNIQUE ("hotline_id", "name", "other"))

CREATE TABLE "indicators_counted" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "at" datetime NOT NULL, "hotline_id" bigint NOT NULL UNIQUE REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED)

CREATE TABLE "indicators_tally" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "year" smallint unsigned NOT NULL CHECK ("year" >= 0), "month" smallint unsigned NOT NULL CHECK ("month" >= 0), "series" varchar(20) NOT NULL, "value" varchar(40) NOT NULL, "number" bigint unsigned NOT NULL CHECK ("number" >= 0), "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "portal_id" bigint NOT NULL REFERENCES "people_portal" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "tally_once" UNIQUE ("hotline_id", "year", "portal_id", "month", "series", "value"))

CREATE TABLE "indicators_typedfigure" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "series" varchar(30) NOT NULL, "year" smallint unsigned NOT NULL CHECK ("year" >= 0), "half" smallint unsigned NOT NULL CHECK ("half" >= 0), "number" bigint unsigned NOT NULL CHECK ("number" >= 0), "source" varchar(300) NOT NULL, "source_date" date NOT NULL, "at" datetime NOT NULL, "by_id" bigint NULL REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "portal_id" bigint NOT NULL REFERENCES "people_portal" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "typed_figure_once" UNIQUE ("hotline_id", "portal_id", "series", "year", "half"))

CREATE TABLE "indicators_publication" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "year" smallint unsigned NOT NULL CHECK ("year" >= 0), "edition" smallint unsigned NOT NULL CHECK ("edition" >= 0), "shown" text NOT NULL CHECK ((JSON_VALID("shown") OR "shown" IS NULL)), "counted" text NOT NULL CHECK ((JSON_VALID("counted") OR "counted" IS NULL)), "medians" text NOT NULL CHECK ((JSON_VALID("medians") OR "medians" IS NULL)), "typed" text NOT NULL CHECK ((JSON_VALID("typed") OR "typed" IS NULL)), "note" varchar(400) NOT NULL, "at" datetime NOT NULL, "by_id" bigint NULL REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "portal_id" bigint NOT NULL REFERENCES "people_portal" ("id") DEFERRABLE INITIALLY DEFERRED, "changed_at" datetime NULL, "changed_by_id" bigint NULL REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED, "rounded" text NULL CHECK ((JSON_VALID("rounded") OR "rounded" IS NULL)), CONSTRAINT "publication_once" UNIQUE ("hotline_id", "portal_id", "year", "edition"))

CREATE TABLE "indicators_ownwords" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "year" smallint unsigned NOT NULL CHECK ("year" >= 0), "language" varchar(20) NOT NULL, "text" varchar(6000) NOT NULL, "at" datetime NOT NULL, "is_confirmed" bool NOT NULL, "confirmed_at" datetime NULL, "by_id" bigint NULL REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED, "confirmed_by_id" bigint NULL REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "portal_id" bigint NOT NULL REFERENCES "people_portal" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "own_words_once" UNIQUE ("hotline_id", "portal_id", "year", "language", "is_confirmed"))

CREATE TABLE "indicators_hostedelsewhere" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "source" varchar(300) NOT NULL, "source_date" date NOT NULL, "year" smallint unsigned NOT NULL CHECK ("year" >= 0), "country" varchar(10) NOT NULL, "number" bigint unsigned NOT NULL CHECK ("number" >= 0), "at" datetime NOT NULL, "by_id" bigint NULL REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "hosted_elsewhere_once" UNIQUE ("hotline_id", "source", "year", "country"))

CREATE TABLE "installation_chosen" ("name" varchar(40) NOT NULL PRIMARY KEY, "value" text NOT NULL CHECK ((JSON_VALID("value") OR "value" IS NULL)))

CREATE TABLE "installation_change" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "group" varchar(20) NOT NULL, "names" text NOT NULL CHECK ((JSON_VALID("names") OR "names" IS NULL)), "by" varchar(120) NOT NULL, "reason" varchar(300) NOT NULL, "at" datetime NOT NULL)

CREATE TABLE "installation_trial" ("group" varchar(20) NOT NULL PRIMARY KEY, "worked" bool NOT NULL, "problem" varchar(40) NOT NULL, "print" varchar(64) NOT NULL, "at" datetime NOT NULL)

CREATE TABLE "intake_report" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "portal_id" bigint NOT NULL REFERENCES "people_portal" ("id") DEFERRABLE INITIALLY DEFERRED, "kind" varchar(10) NOT NULL, "under_18" bool NOT NULL, "threat" varchar(10) NOT NULL, "urgency" varchar(10) NOT NULL, "marked_because" varchar(500) NOT NULL, "language" varchar(20) NOT NULL, "where" text NOT NULL, "when_seen" varchar(10) NOT NULL, "contact" varchar(254) NOT NULL, "needs_login" bool NOT NULL, "password" varchar(300) NOT NULL, "referrer" varchar(2000) NOT NULL, "source" varchar(10) NOT NULL, "entered_by_id" bigint NULL REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED, "received_at" datetime NOT NULL, "closed_at" datetime NULL, "withdrawn_at" datetime NULL, "receipt_hash" varchar(64) NULL UNIQUE, "receipt_turn" smallint unsigned NOT NULL CHECK ("receipt_turn" >= 0), "once_digest" varchar(64) NULL UNIQUE, "text" text NOT NULL, "contact_days" integer unsigned NULL CHECK ("contact_days" >= 0), "happened" varchar(10) NOT NULL, "wish" varchar(10) NOT NULL, "fingerprints" text NOT NULL, "handed_over_at" datetime NULL, "formerly" bigint NULL, "traces" text NULL CHECK ((JSON_VALID("traces") OR "traces" IS NULL)))

CREATE TABLE "intake_smstalk" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "key" varchar(64) NOT NULL UNIQUE, "next_key" varchar(64) NOT NULL, "once" varchar(64) NOT NULL, "step" varchar(12) NOT NULL, "last_id" varchar(64) NOT NULL, "replies" text NOT NULL CHECK ((JSON_VALID("replies") OR "replies" IS NULL)), "at" datetime NOT NULL, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "portal_id" bigint NOT NULL REFERENCES "people_portal" ("id") DEFERRABLE INITIALLY DEFERRED, "unanswered_at" datetime NULL)

CREATE TABLE "intake_handeditem" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "by" varchar(120) NOT NULL, "case_id" bigint NULL, "reference" varchar(20) NOT NULL, "state" varchar(20) NOT NULL, "facts" text NOT NULL CHECK ((JSON_VALID("facts") OR "facts" IS NULL)), "done" text NOT NULL CHECK ((JSON_VALID("done") OR "done" IS NULL)), "log_row" bigint NULL, "at" datetime NOT NULL, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "item_id" bigint NOT NULL UNIQUE REFERENCES "intake_item" ("id") DEFERRABLE INITIALLY DEFERRED)

CREATE TABLE "intake_stoppednumber" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "number" text NOT NULL, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "portal_id" bigint NOT NULL REFERENCES "people_portal" ("id") DEFERRABLE INITIALLY DEFERRED)

CREATE TABLE "jobs_job" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "kind" varchar(100) NOT NULL, "subject_id" bigint NOT NULL, "hotline_id" bigint NOT NULL, "urgent" bool NOT NULL, "due_at" datetime NOT NULL, "leased_until" datetime NULL, "leased_by" varchar(100) NOT NULL, "attempts" integer unsigned NOT NULL CHECK ("attempts" >= 0), "begun" integer unsigned NOT NULL CHECK ("begun" >= 0), "hung" integer unsigned NOT NULL CHECK ("hung" >= 0), "generation" integer unsigned NOT NULL CHECK ("generation" >= 0), "dead" bool NOT NULL, "problem" varchar(200) NOT NULL, "created_at" datetime NOT NULL, "set_at" datetime NULL, CONSTRAINT "job_once" UNIQUE ("kind", "subject_id", "hotline_id"))

CREATE TABLE "jobs_workerbeat" ("owner" varchar(100) NOT NULL PRIMARY KEY, "at" datetime NOT NULL, "boot_id" varchar(40) DEFAULT '' NOT NULL, "running" real NULL, "left_at" datetime NULL)

CREATE TABLE "jobs_clockjump" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "owner" varchar(100) NOT NULL, "before" datetime NOT NULL, "after" datetime NOT NULL, "settled_at" datetime NULL, "settled_by" varchar(40) NOT NULL)

CREATE TABLE "languages_reviewedtext" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "language" varchar(16) NOT NULL, "key" varchar(32) NOT NULL, "forms" text NOT NULL CHECK ((JSON_VALID("forms") OR "forms" IS NULL)), "by" varchar(120) NOT NULL, "at" datetime NOT NULL, CONSTRAINT "text_reviewed_once" UNIQUE ("language", "key"))

CREATE TABLE "languages_languagereview" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "language" varchar(16) NOT NULL, "by" varchar(120) NOT NULL, "at" datetime NOT NULL)

CREATE TABLE "languages_textproposal" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "language" varchar(16) NOT NULL, "kind" varchar(8) NOT NULL, "texts" text NOT NULL CHECK ((JSON_VALID("texts") OR "texts" IS NULL)), "reader" varchar(120) NOT NULL, "why" varchar(500) NOT NULL, "proposed_in_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "by_id" bigint NOT NULL REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED, "by_name" varchar(120) NOT NULL, "at" datetime NOT NULL, "state" varchar(8) NOT NULL, "endorsed_by_id" bigint NULL REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED, "endorsed_in_id" bigint NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "decided_by_id" bigint NULL REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED, "decided_at" datetime NULL, "answer" varchar(500) NOT NULL)

CREATE TABLE "laws_lawregister" ("id" smallint unsigned NOT NULL PRIMARY KEY CHECK ("id" >= 0), "version" varchar(12) NOT NULL, "changed_at" datetime NOT NULL, CONSTRAINT "law_register_one_row" CHECK ("id" = 1))

CREATE TABLE "laws_lawfile" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "code" varchar(20) NOT NULL UNIQUE, "text" text NOT NULL, "shipped" text NOT NULL, "changed_at" datetime NOT NULL)

CREATE TABLE "laws_lawrevision" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "code" varchar(20) NOT NULL, "number" integer unsigned NOT NULL CHECK ("number" >= 0), "before" text NOT NULL, "text" text NOT NULL, "way" varchar(10) NOT NULL, "reason" varchar(500) NOT NULL, "state" varchar(8) NOT NULL, "by_label" varchar(40) NOT NULL, "by_user_id" bigint NULL REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED, "at" datetime NOT NULL, "proposed_in_id" bigint NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "endorsed_by_id" bigint NULL REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED, "endorsed_in_id" bigint NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "answer" varchar(500) NOT NULL, "decided_by_id" bigint NULL REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED, "decided_at" datetime NULL, CONSTRAINT "law_revision_once" UNIQUE ("code", "number"))

CREATE TABLE "monitoring_watch" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "location_id" bigint NOT NULL, "state" varchar(12) NOT NULL, "since" datetime NOT NULL, "misses" integer unsigned NOT NULL CHECK ("misses" >= 0), "last_good_at" datetime NULL, "first_miss_at" datetime NULL, "last_miss_at" datetime NULL, "removed_at" datetime NULL, "unreachable_since" datetime NULL, "checked_at" datetime NULL, "next_at" datetime NULL, "created_at" datetime NOT NULL, CONSTRAINT "watch_once" UNIQUE ("hotline_id", "location_id"))

CREATE TABLE "monitoring_check" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "watch_id" bigint NOT NULL REFERENCES "monitoring_watch" ("id") DEFERRABLE INITIALLY DEFERRED, "at" datetime NOT NULL, "outcome" varchar(12) NOT NULL, "counted" bool NOT NULL, "status" integer unsigned NULL CHECK ("status" >= 0), "reason" varchar(60) NOT NULL, "distance_bits" integer unsigned NULL CHECK ("distance_bits" >= 0))

CREATE TABLE "national_framework" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "name" varchar(40) NOT NULL, "version" varchar(20) NOT NULL, "title" varchar(160) NOT NULL, "text" text NOT NULL, "at" datetime NOT NULL, "by_id" bigint NULL REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "framework_once" UNIQUE ("hotline_id", "name", "version"))

CREATE TABLE "national_selfassessment" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "country" varchar(2) NOT NULL, "year" smallint unsigned NOT NULL CHECK ("year" >= 0), "begun_at" datetime NOT NULL, "closed_at" datetime NULL, "measured" text NOT NULL CHECK ((JSON_VALID("measured") OR "measured" IS NULL)), "begun_by_id" bigint NULL REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED, "closed_by_id" bigint NULL REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED, "framework_id" bigint NOT NULL REFERENCES "national_framework" ("id") DEFERRABLE INITIALLY DEFERRED, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "self_assessment_once" UNIQUE ("hotline_id", "country", "year", "framework_id"))

CREATE TABLE "national_selfanswer" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "question" varchar(40) NOT NULL, "phase" smallint unsigned NULL CHECK ("phase" >= 0), "evidence" text NOT NULL, "responsible" varchar(120) NOT NULL, "target_on" date NULL, "reason" text NOT NULL, "at" datetime NOT NULL, "by_id" bigint NULL REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "assessment_id" bigint NOT NULL REFERENCES "national_selfassessment" ("id") DEFERRABLE INITIALLY DEFERRED)

CREATE TABLE "notices_notice" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "contact_id" bigint NOT NULL REFERENCES "notices_contact" ("id") DEFERRABLE INITIALLY DEFERRED, "kind" varchar(14) NOT NULL, "step" integer unsigned NOT NULL CHECK ("step" >= 0), "state" varchar(8) NOT NULL, "created_at" datetime NOT NULL, "sent_at" datetime NULL)

CREATE TABLE "notices_alert" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "what" varchar(8) NOT NULL, "to" varchar(254) NOT NULL, "languages" text NOT NULL CHECK ((JSON_VALID("languages") OR "languages" IS NULL)), "created_at" datetime NOT NULL)

CREATE TABLE "notices_alertcase" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "alert_id" bigint NOT NULL REFERENCES "notices_alert" ("id") DEFERRABLE INITIALLY DEFERRED, "reference" varchar(20) NOT NULL, "clock" varchar(24) NOT NULL, "due_at" datetime NOT NULL, "time_zone" varchar(60) NOT NULL)

CREATE TABLE "notices_staffnote" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "person_id" bigint NOT NULL REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED, "what" varchar(20) NOT NULL, "key" varchar(200) NOT NULL, "path" varchar(200) NOT NULL, "made_at" datetime NOT NULL, CONSTRAINT "staff_note_once" UNIQUE ("hotline_id", "key", "person_id"))

CREATE TABLE "notices_message" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "kind" varchar(8) NOT NULL, "subject_id" bigint NOT NULL, "to" varchar(254) NOT NULL, "urgent" bool NOT NULL, "subject" varchar(200) NOT NULL, "message_id" varchar(200) NOT NULL UNIQUE, "state" varchar(8) NOT NULL, "edition" integer unsigned NOT NULL CHECK ("edition" >= 0), "attempts" integer unsigned NOT NULL CHECK ("attempts" >= 0), "first_try_at" datetime NULL, "sending_since" datetime NULL, "next_at" datetime NOT NULL, "code" integer unsigned NULL CHECK ("code" >= 0), "problem" varchar(40) NOT NULL, "created_at" datetime NOT NULL, "sent_at" datetime NULL, "channel" varchar(20) NOT NULL, "worded_at" datetime NULL, CONSTRAINT "message_once" UNIQUE ("kind", "subject_id"))

CREATE TABLE "notices_reply" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "what" varchar(9) NOT NULL, "contact_id" bigint NOT NULL REFERENCES "notices_contact" ("id") DEFERRABLE INITIALLY DEFERRED, "item_id" bigint NULL REFERENCES "notices_noticeitem" ("id") DEFERRABLE INITIALLY DEFERRED, "referral_id" bigint NULL REFERENCES "notices_referral" ("id") DEFERRABLE INITIALLY DEFERRED, "reasons" text NOT NULL, "created_at" datetime NOT NULL, "entered" text NOT NULL CHECK ((JSON_VALID("entered") OR "entered" IS NULL)))

CREATE TABLE "notices_inboundmail" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "message_id" varchar(250) NOT NULL UNIQUE, "in_reply_to" varchar(250) NOT NULL, "notice_id" bigint NULL REFERENCES "notices_notice" ("id") DEFERRABLE INITIALLY DEFERRED, "referral_id" bigint NULL REFERENCES "notices_referral" ("id") DEFERRABLE INITIALLY DEFERRED, "sender" varchar(200) NOT NULL, "subject" varchar(200) NOT NULL, "text" text NOT NULL, "was_cut" bool NOT NULL, "dropped" integer unsigned NOT NULL CHECK ("dropped" >= 0), "is_bounce" bool NOT NULL, "received_at" datetime NOT NULL, "read_at" datetime NULL, "documents" text NOT NULL CHECK ((JSON_VALID("documents") OR "documents" IS NULL)), "payment_alert_id" bigint NULL REFERENCES "notices_paymentalert" ("id") DEFERRABLE INITIALLY DEFERRED)

CREATE TABLE "notices_paymentalert" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "payee_id" bigint NOT NULL, "brief" text NOT NULL CHECK ((JSON_VALID("brief") OR "brief" IS NULL)), "state" varchar(8) NOT NULL, "answer" varchar(14) NOT NULL, "note" text NOT NULL, "created_at" datetime NOT NULL, "sent_at" datetime NULL, "due_at" datetime NULL, "answered_at" datetime NULL, "by_id" bigint NULL REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED, "contact_id" bigint NOT NULL REFERENCES "notices_contact" ("id") DEFERRABLE INITIALLY DEFERRED, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "withdraws_id" bigint NULL REFERENCES "notices_paymentalert" ("id") DEFERRABLE INITIALLY DEFERRED)

CREATE TABLE "notices_paymentalertcase" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "case_id" bigint NOT NULL, "alert_id" bigint NOT NULL REFERENCES "notices_paymentalert" ("id") DEFERRABLE INITIALLY DEFERRED, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "payment_alert_case_once" UNIQUE ("alert_id", "case_id"))

CREATE TABLE "notices_wording" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "country" varchar(2) NOT NULL, "language" varchar(12) NOT NULL, "version" integer unsigned NOT NULL CHECK ("version" >= 0), "is_current" bool NOT NULL, "is_shipped" bool NOT NULL, "subject" varchar(150) NOT NULL, "body" text NOT NULL, "person_id" bigint NULL REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED, "made_at" datetime NOT NULL, "kind" varchar(14) NOT NULL, CONSTRAINT "wording_version_once" UNIQUE ("hotline_id", "kind", "country", "language", "version"))

CREATE TABLE "notices_contact" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "kind" varchar(10) NOT NULL, "country" varchar(2) NOT NULL, "name" varchar(120) NOT NULL, "email" varchar(254) NOT NULL, "languages" text NOT NULL CHECK ((JSON_VALID("languages") OR "languages" IS NULL)), "source" varchar(40) NOT NULL, "checked_at" datetime NULL, "unconfirmed" bool NOT NULL, "origin" varchar(200) NOT NULL, "bounced_at" datetime NULL, "bounces_hard" integer unsigned NOT NULL CHECK ("bounces_hard" >= 0), "bounces_soft" integer unsigned NOT NULL CHECK ("bounces_soft" >= 0), "certificate" text NOT NULL, "fingerprint" varchar(64) NOT NULL, "key_expires_at" datetime NULL, "due" integer unsigned NOT NULL CHECK ("due" >= 0), "answered" integer unsigned NOT NULL CHECK ("answered" >= 0), "removed" integer unsigned NOT NULL CHECK ("removed" >= 0), "wrong" integer unsigned NOT NULL CHECK ("wrong" >= 0), "median_minutes" integer unsigned NULL CHECK ("median_minutes" >= 0), "retired" bool NOT NULL, "page_serial" integer unsigned NOT NULL CHECK ("page_serial" >= 0), "page_is_open" bool NOT NULL, "page_is_told" bool NOT NULL, "wants_xarf" bool NOT NULL, "webhook_url" varchar(500) NOT NULL, "webhook_serial" integer unsigned NOT NULL CHECK ("webhook_serial" >= 0), "webhook_renewed_at" datetime NULL, "webhook_by_id" bigint NULL REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED, "channel" varchar(20) NOT NULL, "channel_answers" text NOT NULL CHECK ((JSON_VALID("channel_answers") OR "channel_answers" IS NULL)), "asked" integer unsigned NOT NULL CHECK ("asked" >= 0), "service" varchar(8) NOT NULL, "verified" integer unsigned NOT NULL CHECK ("verified" >= 0), CONSTRAINT "contact_once" UNIQUE ("hotline_id", "kind", "country", "email"))

CREATE TABLE "notices_sentsince" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "message_id" varchar(250) NOT NULL UNIQUE, "to" varchar(254) NOT NULL, "fate" varchar(10) NOT NULL, "at" datetime NULL)

CREATE TABLE "notices_sentsource" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "what" varchar(10) NOT NULL, "since" datetime NULL, "until" datetime NULL, "read_at" datetime NOT NULL, "found" integer unsigned NOT NULL CHECK ("found" >= 0))

CREATE TABLE "notices_noticecase" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "portal_id" bigint NOT NULL REFERENCES "people_portal" ("id") DEFERRABLE INITIALLY DEFERRED, "case_id" bigint NOT NULL, "location_id" bigint NOT NULL, "brief" text NOT NULL CHECK ((JSON_VALID("brief") OR "brief" IS NULL)), "tells_police" bool NOT NULL, "tells_host" bool NOT NULL, "tells_abroad" bool NOT NULL, "abroad_asked" bool NOT NULL, "host_kind" varchar(14) NOT NULL, "state" varchar(8) NOT NULL, "step" integer unsigned NOT NULL CHECK ("step" >= 0), "next_at" datetime NULL, "problem" varchar(30) NOT NULL, "stopped_why" varchar(30) NOT NULL, "started_at" datetime NOT NULL, "stopped_at" datetime NULL, "round" integer unsigned NOT NULL CHECK ("round" >= 0), "put_back_at" datetime NULL, "reporter_texts" text DEFAULT '' NOT NULL, "address_key" text DEFAULT '' NOT NULL, CONSTRAINT "notice_case_once" UNIQUE ("hotline_id", "case_id"))

CREATE TABLE "notices_noticeitem" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "notice_id" bigint NOT NULL REFERENCES "notices_notice" ("id") DEFERRABLE INITIALLY DEFERRED, "notice_case_id" bigint NOT NULL REFERENCES "notices_noticecase" ("id") DEFERRABLE INITIALLY DEFERRED, "case_id" bigint NOT NULL, "location_id" bigint NOT NULL, "address" text NOT NULL, "step" integer unsigned NOT NULL CHECK ("step" >= 0), "answer" varchar(14) NOT NULL, "answered_at" datetime NULL, "note" text NOT NULL, "moved_to" text NOT NULL, "checked_at" datetime NULL, "instead_of" varchar(254) NOT NULL, "redirected" varchar(5) NOT NULL, "earlier" text NOT NULL CHECK ((JSON_VALID("earlier") OR "earlier" IS NULL)), "round" integer unsigned NOT NULL CHECK ("round" >= 0), CONSTRAINT "notice_item_once" UNIQUE ("notice_id", "notice_case_id"))

CREATE TABLE "notices_nameact" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "case_id" bigint NOT NULL, "what" varchar(10) NOT NULL, "name" varchar(253) NOT NULL, "basis" varchar(16) NOT NULL, "odd" text NOT NULL CHECK ((JSON_VALID("odd") OR "odd" IS NULL)), "due_at" datetime NOT NULL, "created_at" datetime NOT NULL, "by_id" bigint NULL REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "item_id" bigint NOT NULL UNIQUE REFERENCES "notices_noticeitem" ("id") DEFERRABLE INITIALLY DEFERRED, "notice_case_id" bigint NOT NULL REFERENCES "notices_noticecase" ("id") DEFERRABLE INITIALLY DEFERRED, "proof_id" bigint NULL REFERENCES "notices_noticeitem" ("id") DEFERRABLE INITIALLY DEFERRED, "round" integer unsigned NOT NULL CHECK ("round" >= 0))

CREATE TABLE "notices_referral" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "notice_case_id" bigint NOT NULL REFERENCES "notices_noticecase" ("id") DEFERRABLE INITIALLY DEFERRED, "case_id" bigint NOT NULL, "reference" varchar(40) NOT NULL, "portal_id" bigint NOT NULL REFERENCES "people_portal" ("id") DEFERRABLE INITIALLY DEFERRED, "contact_id" bigint NULL REFERENCES "notices_contact" ("id") DEFERRABLE INITIALLY DEFERRED, "state" varchar(12) NOT NULL, "told_how" varchar(6) NOT NULL, "wait_until" datetime NULL, "hold_until" datetime NULL, "held_since" datetime NULL, "created_at" datetime NOT NULL, "sent_at" datetime NULL, "answered_at" datetime NULL, "note" text NOT NULL, "kind" varchar(10) NOT NULL, "urgent" bool NOT NULL, "acknowledged_at" datetime NULL, "outcome" varchar(14) NOT NULL, "outcome_at" datetime NULL, "answered_by_id" bigint NULL REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED, "acknowledged_by_id" bigint NULL REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED, "acknowledged_with_id" bigint NULL REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED, "outcome_by_id" bigint NULL REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED, "outcome_with_id" bigint NULL REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED, "told_by_id" bigint NULL REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED, "told_with_id" bigint NULL REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED, "released_by_id" bigint NULL REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED, "released_with_id" bigint NULL REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED, "statement" text NOT NULL CHECK ((JSON_VALID("statement") OR "statement" IS NULL)), "round" integer unsigned NOT NULL CHECK ("round" >= 0), "decided_at" datetime NULL, "decided_by_id" bigint NULL REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED, "note_parts" text NOT NULL CHECK ((JSON_VALID("note_parts") OR "note_parts" IS NULL)), "mail_of_id" bigint NULL REFERENCES "notices_referral" ("id") DEFERRABLE INITIALLY DEFERRED)

CREATE TABLE "oncall_oncallperson" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "portal_id" bigint NOT NULL REFERENCES "people_portal" ("id") DEFERRABLE INITIALLY DEFERRED, "person_id" bigint NOT NULL REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED, "is_on" bool NOT NULL, "changed_at" datetime NOT NULL, CONSTRAINT "on_call_once" UNIQUE ("portal_id", "person_id"))

CREATE TABLE "oncall_page" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "portal_id" bigint NOT NULL REFERENCES "people_portal" ("id") DEFERRABLE INITIALLY DEFERRED, "kind" varchar(6) NOT NULL, "opened_at" datetime NOT NULL, "opened_by_id" bigint NULL REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED, "rounds" integer unsigned NOT NULL CHECK ("rounds" >= 0), "round_at" datetime NULL, "closed_at" datetime NULL, "closed_by_id" bigint NULL REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED, "how" varchar(10) NOT NULL, "held_until" datetime NULL)

CREATE TABLE "oncall_pagedreport" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "page_id" bigint NOT NULL REFERENCES "oncall_page" ("id") DEFERRABLE INITIALLY DEFERRED, "report_id" bigint NOT NULL REFERENCES "intake_report" ("id") DEFERRABLE INITIALLY DEFERRED, "urgency" varchar(10) NOT NULL, "is_rehearsal" bool NOT NULL, "received_at" datetime NOT NULL, "added_at" datetime NOT NULL, "taken_at" datetime NULL, "taken_by_id" bigint NULL REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED, "settled_at" datetime NULL)

CREATE TABLE "oncall_pagemessage" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "page_id" bigint NOT NULL REFERENCES "oncall_page" ("id") DEFERRABLE INITIALLY DEFERRED, "round" integer unsigned NOT NULL CHECK ("round" >= 0), "way" varchar(7) NOT NULL, "person_id" bigint NULL REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED, "webhook_id" bigint NULL REFERENCES "oncall_pagewebhook" ("id") DEFERRABLE INITIALLY DEFERRED, "to" varchar(500) NOT NULL, "state" varchar(8) NOT NULL, "created_at" datetime NOT NULL, "sending_since" datetime NULL, "sent_at" datetime NULL, "attempts" integer unsigned NOT NULL CHECK ("attempts" >= 0), "code" integer unsigned NOT NULL CHECK ("code" >= 0), "problem" varchar(40) NOT NULL, CONSTRAINT "page_message_once" UNIQUE ("page_id", "round", "way", "to"))

CREATE TABLE "oncall_acknowledgement" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "page_id" bigint NOT NULL REFERENCES "oncall_page" ("id") DEFERRABLE INITIALLY DEFERRED, "message_id" bigint NULL REFERENCES "oncall_pagemessage" ("id") DEFERRABLE INITIALLY DEFERRED, "person_id" bigint NULL REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED, "how" varchar(10) NOT NULL, "at" datetime NOT NULL, CONSTRAINT "acknowledged_once" UNIQUE ("page_id", "person_id"))

CREATE TABLE "oncall_pagewebhook" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "portal_id" bigint NULL UNIQUE REFERENCES "people_portal" ("id") DEFERRABLE INITIALLY DEFERRED, "person_id" bigint NULL UNIQUE REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED, "url" varchar(500) NOT NULL, "serial" integer unsigned NOT NULL CHECK ("serial" >= 0), "set_by_id" bigint NULL REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED, "told" integer unsigned NOT NULL CHECK ("told" >= 0), CONSTRAINT "page_webhook_has_one_owner" CHECK ((("person_id" IS NOT NULL AND "portal_id" IS NULL) OR ("person_id" IS NULL AND "portal_id" IS NOT NULL))))

CREATE TABLE "oncall_portalrota" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "portal_id" bigint NOT NULL UNIQUE REFERENCES "people_portal" ("id") DEFERRABLE INITIALLY DEFERRED, "rotations" text NOT NULL CHECK ((JSON_VALID("rotations") OR "rotations" IS NULL)), "overrides" text NOT NULL CHECK ((JSON_VALID("overrides") OR "overrides" IS NULL)), "partner_id" bigint NULL REFERENCES "people_portal" ("id") DEFERRABLE INITIALLY DEFERRED, "partner_hours" varchar(11) NOT NULL, "helps" text NOT NULL CHECK ((JSON_VALID("helps") OR "helps" IS NULL)), "police_number" varchar(40) NOT NULL)

CREATE TABLE "oncall_handovernote" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "portal_id" bigint NOT NULL REFERENCES "people_portal" ("id") DEFERRABLE INITIALLY DEFERRED, "by_id" bigint NOT NULL REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED, "text" varchar(1000) NOT NULL, "at" datetime NOT NULL)

CREATE TABLE "oncall_calendarfeed" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "person_id" bigint NOT NULL UNIQUE REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED, "made_at" datetime NOT NULL)

CREATE TABLE "outputs_export" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "subject" varchar(20) NOT NULL, "format" varchar(16) NOT NULL, "is_valid" bool NOT NULL, "refusals" text NOT NULL CHECK ((JSON_VALID("refusals") OR "refusals" IS NULL)), "validator" varchar(60) NOT NULL, "digest" varchar(64) NOT NULL, "bytes" integer unsigned NOT NULL CHECK ("bytes" >= 0), "is_sealed" bool NOT NULL, "by_label" varchar(40) NOT NULL, "at" datetime NOT NULL, "by_id" bigint NULL REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED, "case_id" bigint NULL REFERENCES "casework_case" ("id") DEFERRABLE INITIALLY DEFERRED, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED)

CREATE TABLE "outputs_receiver" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "service" varchar(16) NOT NULL, "url" varchar(300) NOT NULL, "sealed" text NOT NULL, "is_test" bool NOT NULL, "terms" varchar(200) NOT NULL, "agreed_on" date NOT NULL, "agreed_at" datetime NOT NULL, "stopped_at" datetime NULL, "agreed_by_id" bigint NOT NULL REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "receiver_once" UNIQUE ("hotline_id", "service"))

CREATE TABLE "outputs_submission" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "service" varchar(16) NOT NULL, "is_test" bool NOT NULL, "step" varchar(12) NOT NULL, "begun" bool NOT NULL, "document" text NOT NULL, "list" text NOT NULL, "remote_id" varchar(40) NOT NULL, "part_id" varchar(80) NOT NULL, "failures" integer unsigned NOT NULL CHECK ("failures" >= 0), "problem" varchar(80) NOT NULL, "receipt" text NULL CHECK ((JSON_VALID("receipt") OR "receipt" IS NULL)), "made_at" datetime NOT NULL, "ended_at" datetime NULL, "by_id" bigint NOT NULL REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED, "case_id" bigint NOT NULL REFERENCES "casework_case" ("id") DEFERRABLE INITIALLY DEFERRED, "export_id" bigint NOT NULL REFERENCES "outputs_export" ("id") DEFERRABLE INITIALLY DEFERRED, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED)

CREATE TABLE "outputs_fiuprofile" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "entity_id" varchar(20) NOT NULL, "report_code" varchar(20) NOT NULL, "currency" varchar(20) NOT NULL, "live_streamed" varchar(20) NOT NULL, "extortion" varchar(20) NOT NULL, "schema" text NOT NULL, "schema_name" varchar(100) NOT NULL, "digest" varchar(64) NOT NULL, "at" datetime NOT NULL, "by_id" bigint NOT NULL REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "fiu_profile_once" UNIQUE ("hotline_id"))

CREATE TABLE "payments_demand" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "place" varchar(8) NOT NULL, "number" bigint NOT NULL, "amount" varchar(24) NOT NULL, "currency" varchar(8) NOT NULL, "descriptor" varchar(100) NOT NULL, "times" integer unsigned NOT NULL CHECK ("times" >= 0), "first_at" datetime NOT NULL, "last_at" datetime NOT NULL, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "payee_id" bigint NOT NULL REFERENCES "payments_payee" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "demand_once" UNIQUE ("payee_id", "place", "number"))

CREATE TABLE "payments_payee" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "kind" varchar(16) NOT NULL, "brand" varchar(40) NOT NULL, "value" varchar(1500) NOT NULL, "key" varchar(64) NOT NULL, "weak" bool NOT NULL, "first_at" datetime NOT NULL, "last_at" datetime NOT NULL, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "places" integer unsigned NOT NULL CHECK ("places" >= 0), "pages" integer unsigned NOT NULL CHECK ("pages" >= 0), CONSTRAINT "payee_once" UNIQUE ("hotline_id", "kind", "key"))

CREATE TABLE "providers_provider" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "legal_name" varchar(200) NOT NULL, "kind" varchar(10) NOT NULL, "countries" text NOT NULL CHECK ((JSON_VALID("countries") OR "countries" IS NULL)), "security_email" varchar(254) NOT NULL, "security_phone" varchar(40) NOT NULL, "state" varchar(10) NOT NULL, "asked_at" datetime NOT NULL, "decided_at" datetime NULL, "reason" varchar(500) NOT NULL, "page_serial" integer unsigned NOT NULL CHECK ("page_serial" >= 0), "page_is_open" bool NOT NULL, "asked_by_id" bigint NULL REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED, "decided_by_id" bigint NULL REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "portal_id" bigint NOT NULL REFERENCES "people_portal" ("id") DEFERRABLE INITIALLY DEFERRED)

CREATE TABLE "providers_providerperson" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "name" varchar(100) NOT NULL, "email" varchar(254) NOT NULL, "role" varchar(13) NOT NULL, "added_at" datetime NOT NULL, "ended_at" datetime NULL, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "provider_id" bigint NOT NULL REFERENCES "providers_provider" ("id") DEFERRABLE INITIALLY DEFERRED)

CREATE TABLE "providers_providerkey" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "is_sandbox" bool NOT NULL, "made_at" datetime NOT NULL, "stopped_at" datetime NULL, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "provider_id" bigint NOT NULL REFERENCES "providers_provider" ("id") DEFERRABLE INITIALLY DEFERRED, "token_id" bigint NOT NULL UNIQUE REFERENCES "people_apitoken" ("id") DEFERRABLE INITIALLY DEFERRED)

CREATE TABLE "providers_providerbatch" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "way" varchar(4) NOT NULL, "once" varchar(64) NOT NULL, "body" varchar(64) NOT NULL, "lines" integer unsigned NOT NULL CHECK ("lines" >= 0), "answers" text NOT NULL CHECK ((JSON_VALID("answers") OR "answers" IS NULL)), "urgent" integer unsigned NOT NULL CHECK ("urgent" >= 0), "is_sandbox" bool NOT NULL, "root" varchar(64) NOT NULL, "received_at" datetime NOT NULL, "row_number" bigint NOT NULL, "signature" varchar(100) NOT NULL, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "provider_id" bigint NOT NULL REFERENCES "providers_provider" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "provider_batch_once" UNIQUE ("provider_id", "once"))

CREATE TABLE "providers_providerline" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "number" integer unsigned NOT NULL CHECK ("number" >= 0), "kind" varchar(10) NOT NULL, "reference" varchar(100) NOT NULL, "priority" varchar(2) NOT NULL, "raised" varchar(6) NOT NULL, "digest" varchar(64) NOT NULL, "facts" text NOT NULL, "known_at" datetime NULL, "received_at" datetime NOT NULL, "state" varchar(9) NOT NULL, "is_sandbox" bool NOT NULL, "fold" varchar(32) NOT NULL, "report_id" bigint NULL, "opened_at" datetime NULL, "suspicion" varchar(9) NOT NULL, "keep_until" datetime NULL, "is_destroyed_then" bool NOT NULL, "held_until" datetime NULL, "destroyed_at" datetime NULL, "batch_id" bigint NOT NULL REFERENCES "providers_providerbatch" ("id") DEFERRABLE INITIALLY DEFERRED, "first_id" bigint NULL REFERENCES "providers_providerline" ("id") DEFERRABLE INITIALLY DEFERRED, "folded_into_id" bigint NULL REFERENCES "providers_providerline" ("id") DEFERRABLE INITIALLY DEFERRED, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "provider_id" bigint NOT NULL REFERENCES "providers_provider" ("id") DEFERRABLE INITIALLY DEFERRED, "remind_at" datetime NULL, CONSTRAINT "provider_line_number" UNIQUE ("batch_id", "number"), CONSTRAINT "provider_line_once" UNIQUE ("provider_id", "digest", "is_sandbox"))

CREATE TABLE "providers_linedecision" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "kind" varchar(9) NOT NULL, "value" varchar(11) NOT NULL, "reason" varchar(2000) NOT NULL, "until" datetime NULL, "at" datetime NOT NULL, "by_id" bigint NULL REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "line_id" bigint NOT NULL REFERENCES "providers_providerline" ("id") DEFERRABLE INITIALLY DEFERRED)

CREATE TABLE "providers_designatedentity" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "country" varchar(2) NOT NULL, "name" varchar(200) NOT NULL, "for_whom" varchar(200) NOT NULL, "instrument" varchar(200) NOT NULL, "since" date NOT NULL, "until" date NULL, "source" varchar(300) NOT NULL, "added_at" datetime NOT NULL, "added_by_id" bigint NULL REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED)

CREATE TABLE "publishing_listsettings" ("hotline_id" bigint NOT NULL PRIMARY KEY REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "test_domain" varchar(200) NOT NULL, "canary_domains" text NOT NULL CHECK ((JSON_VALID("canary_domains") OR "canary_domains" IS NULL)), "zone_suffix" varchar(200) NOT NULL, "primary_name" varchar(200) NOT NULL, "mailbox_name" varchar(200) NOT NULL, "stop_name" varchar(200) NOT NULL, "stop_addresses" text NOT NULL CHECK ((JSON_VALID("stop_addresses") OR "stop_addresses" IS NULL)), "gives_networks" bool NOT NULL, "changed_at" datetime DEFAULT (STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')) NOT NULL)

CREATE TABLE "publishing_publication" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "list_id" bigint NOT NULL REFERENCES "blocklist_blocklist" ("id") DEFERRABLE INITIALLY DEFERRED, "state" varchar(10) NOT NULL, "serial" bigint NULL, "at" datetime NOT NULL, "why" varchar(10) NOT NULL, "back_to_id" bigint NULL REFERENCES "publishing_publication" ("id") DEFERRABLE INITIALLY DEFERRED, "only_removals" bool NOT NULL, "entries" integer unsigned NOT NULL CHECK ("entries" >= 0), "by_scope" text NOT NULL CHECK ((JSON_VALID("by_scope") OR "by_scope" IS NULL)), "added" integer unsigned NOT NULL CHECK ("added" >= 0), "removed" integer unsigned NOT NULL CHECK ("removed" >= 0), "failures" text NOT NULL CHECK ((JSON_VALID("failures") OR "failures" IS NULL)), "accepted" text NOT NULL CHECK ((JSON_VALID("accepted") OR "accepted" IS NULL)), "sha256" varchar(64) NOT NULL, "signature" varchar(100) NOT NULL, CONSTRAINT "publication_serial_once" UNIQUE ("list_id", "serial"))

CREATE TABLE "publishing_hold" ("hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "list_id" bigint NOT NULL PRIMARY KEY REFERENCES "blocklist_blocklist" ("id") DEFERRABLE INITIALLY DEFERRED, "reason" varchar(300) NOT NULL, "then_sha256" varchar(64) NOT NULL, "at" datetime NOT NULL)

CREATE TABLE "publishing_subscriber" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "slug" varchar(40) NOT NULL, "name" varchar(120) NOT NULL, "kind" varchar(10) NOT NULL, "contact" varchar(200) NOT NULL, "formats" text NOT NULL CHECK ((JSON_VALID("formats") OR "formats" IS NULL)), "is_trusted" bool NOT NULL, "takes_plain_addresses" bool NOT NULL, "certificate" text NOT NULL, "dns_action" varchar(14) NOT NULL, "notify" text NOT NULL CHECK ((JSON_VALID("notify") OR "notify" IS NULL)), "token_id" bigint NULL REFERENCES "people_apitoken" ("id") DEFERRABLE INITIALLY DEFERRED, "added_at" datetime DEFAULT (STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')) NOT NULL, "changed_at" datetime DEFAULT (STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')) NOT NULL, "ended_at" datetime NULL, "alarm" varchar(20) NOT NULL, "alarm_at" datetime NULL, CONSTRAINT "subscriber_slug_once" UNIQUE ("hotline_id", "slug"))

CREATE TABLE "publishing_subscriber_lists" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "subscriber_id" bigint NOT NULL REFERENCES "publishing_subscriber" ("id") DEFERRABLE INITIALLY DEFERRED, "blocklist_id" bigint NOT NULL REFERENCES "blocklist_blocklist" ("id") DEFERRABLE INITIALLY DEFERRED)

CREATE TABLE "publishing_fetch" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "subscriber_id" bigint NOT NULL REFERENCES "publishing_subscriber" ("id") DEFERRABLE INITIALLY DEFERRED, "list_id" bigint NOT NULL REFERENCES "blocklist_blocklist" ("id") DEFERRABLE INITIALLY DEFERRED, "form" varchar(12) NOT NULL, "serial" bigint NOT NULL, "at" datetime NOT NULL, CONSTRAINT "fetch_once" UNIQUE ("subscriber_id", "list_id", "form"))

CREATE TABLE "publishing_listtest" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "subscriber_id" bigint NOT NULL REFERENCES "publishing_subscriber" ("id") DEFERRABLE INITIALLY DEFERRED, "list_id" bigint NOT NULL REFERENCES "blocklist_blocklist" ("id") DEFERRABLE INITIALLY DEFERRED, "quarter" varchar(7) NOT NULL, "asked_at" datetime NOT NULL, "answer" varchar(7) NOT NULL, "answered_at" datetime NULL, "by_programme" bool NOT NULL, CONSTRAINT "list_test_once" UNIQUE ("subscriber_id", "list_id", "quarter"))

CREATE TABLE "publishing_evidence" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "subscriber_id" bigint NOT NULL REFERENCES "publishing_subscriber" ("id") DEFERRABLE INITIALLY DEFERRED, "commitment" varchar(20) NOT NULL, "on" date NOT NULL, "description" varchar(500) NOT NULL, "source" varchar(300) NOT NULL, "recorded_at" datetime DEFAULT (STRFTIME('%Y-%m-%d %H:%M:%f', 'NOW')) NOT NULL)

CREATE TABLE "publishing_stopcount" ("day" date NOT NULL PRIMARY KEY, "shown" bigint unsigned NOT NULL CHECK ("shown" >= 0))

CREATE TABLE "quality_samplingrates" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "hotline_id" bigint NOT NULL UNIQUE REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "illegal_percent" smallint unsigned NOT NULL CHECK ("illegal_percent" >= 0), "closed_percent" smallint unsigned NOT NULL CHECK ("closed_percent" >= 0), "untrained_percent" smallint unsigned NOT NULL CHECK ("untrained_percent" >= 0), "by_id" bigint NULL REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED, "at" datetime NOT NULL)

CREATE TABLE "quality_trainingrun" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "by_id" bigint NOT NULL REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED, "set_name" varchar(20) NOT NULL, "started_at" datetime NOT NULL, "finished_at" datetime NULL, "kappa" real NULL, "passed" bool NOT NULL)

CREATE TABLE "quality_traininganswer" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "run_id" bigint NOT NULL REFERENCES "quality_trainingrun" ("id") DEFERRABLE INITIALLY DEFERRED, "item" smallint unsigned NOT NULL CHECK ("item" >= 0), "facts" text NOT NULL CHECK ((JSON_VALID("facts") OR "facts" IS NULL)), "at" datetime NOT NULL, CONSTRAINT "training_answer_once" UNIQUE ("run_id", "item"))

CREATE TABLE "quality_adjudication" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "case_id" bigint NOT NULL REFERENCES "casework_case" ("id") DEFERRABLE INITIALLY DEFERRED, "first_id" bigint NOT NULL REFERENCES "casework_assessment" ("id") DEFERRABLE INITIALLY DEFERRED, "second_id" bigint NOT NULL UNIQUE REFERENCES "casework_assessment" ("id") DEFERRABLE INITIALLY DEFERRED, "state" varchar(10) NOT NULL, "proposal" text NULL CHECK ((JSON_VALID("proposal") OR "proposal" IS NULL)), "proposals" smallint unsigned NOT NULL CHECK ("proposals" >= 0), "proposed_by_id" bigint NULL REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED, "assessment_id" bigint NULL UNIQUE REFERENCES "casework_assessment" ("id") DEFERRABLE INITIALLY DEFERRED, "opened_at" datetime NOT NULL, "settled_at" datetime NULL, "proposal_comment" text DEFAULT '' NOT NULL)

CREATE TABLE "quality_changeddecision" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "case_id" bigint NOT NULL REFERENCES "casework_case" ("id") DEFERRABLE INITIALLY DEFERRED, "assessment_id" bigint NOT NULL REFERENCES "casework_assessment" ("id") DEFERRABLE INITIALLY DEFERRED, "why" varchar(10) NOT NULL, "country" varchar(2) NOT NULL, "before" varchar(20) NOT NULL, "after" varchar(20) NOT NULL, "found_at" datetime NOT NULL, "seen_at" datetime NULL, "seen_by_id" bigint NULL REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "changed_decision_once" UNIQUE ("assessment_id", "why", "country", "after"))

CREATE TABLE "quality_lawreview" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "hotline_id" bigint NOT NULL UNIQUE REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "law_version" varchar(80) NOT NULL, "at" datetime NOT NULL)

CREATE TABLE "sealing_olderwords" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "place" varchar(100) NOT NULL UNIQUE, "reached" bigint NOT NULL, "done_at" datetime NULL)

CREATE TABLE "sealing_datakey" ("name" BLOB NOT NULL PRIMARY KEY, "wrapped" BLOB NOT NULL, "mark" varchar(16) NOT NULL, "day" integer unsigned NOT NULL CHECK ("day" >= 0))

CREATE TABLE "sealing_wordskey" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "kind" varchar(10) NOT NULL, "public" varchar(100) NOT NULL, "made_at" datetime NOT NULL, "left_at" datetime NULL)

CREATE TABLE "django_session" ("session_key" varchar(40) NOT NULL PRIMARY KEY, "session_data" text NOT NULL, "expire_date" datetime NOT NULL)

CREATE TABLE "site_sentalarm" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "code" varchar(30) NOT NULL, "hotline_id" bigint NOT NULL, "since" datetime NOT NULL, "told_at" datetime NULL, "about" varchar(200) DEFAULT '' NOT NULL, CONSTRAINT "alarm_once_each" UNIQUE ("code", "hotline_id", "about"))

CREATE TABLE "site_outside" ("name" varchar(20) NOT NULL PRIMARY KEY, "since" datetime NOT NULL, "what" varchar(1000) NOT NULL)

CREATE TABLE "spool_mark" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "hotline_number" bigint NOT NULL, "kind" varchar(20) NOT NULL, "number" bigint NOT NULL)

CREATE TABLE "spool_taken" ("name" varchar(32) NOT NULL PRIMARY KEY, "at" datetime NOT NULL)

CREATE TABLE "spool_arrival" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "name" varchar(32) NOT NULL UNIQUE, "digest" varchar(64) NOT NULL UNIQUE, "once" varchar(64) NOT NULL, "kind" varchar(20) NOT NULL, "hotline_number" bigint NOT NULL, "portal_number" bigint NOT NULL, "language" varchar(20) NOT NULL, "received_at" datetime NOT NULL, "is_urgent" bool NOT NULL, "receipt" varchar(64) NOT NULL, "shows" text NOT NULL CHECK ((JSON_VALID("shows") OR "shows" IS NULL)), "sealed" text NOT NULL, "problem" varchar(20) NOT NULL)

CREATE TABLE "spool_card" ("receipt" varchar(64) NOT NULL PRIMARY KEY, "once" varchar(64) NOT NULL, "hotline_number" bigint NOT NULL, "kind" varchar(20) NOT NULL, "number" bigint NOT NULL, "shows" text NOT NULL CHECK ((JSON_VALID("shows") OR "shows" IS NULL)))

CREATE TABLE "spool_emptied" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "at" datetime NOT NULL)

CREATE TABLE "tips_tiprow" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "system" varchar(10) NOT NULL, "sender_key" varchar(200) NOT NULL, "number" varchar(100) NOT NULL, "sender" varchar(200) NOT NULL, "provider" varchar(200) NOT NULL, "label" varchar(13) NOT NULL, "incident" varchar(200) NOT NULL, "place" varchar(200) NOT NULL, "raised" text NOT NULL CHECK ((JSON_VALID("raised") OR "raised" IS NULL)), "is_urgent" bool NOT NULL, "state" varchar(8) NOT NULL, "doubts" text NOT NULL CHECK ((JSON_VALID("doubts") OR "doubts" IS NULL)), "fold" varchar(32) NOT NULL, "versions" integer unsigned NOT NULL CHECK ("versions" >= 0), "arrived_at" datetime NOT NULL, "changed_at" datetime NOT NULL, "opened_at" datetime NULL, "report_id" bigint NULL, "outcome" varchar(13) NOT NULL, "outcome_at" datetime NULL, "forgotten_at" datetime NULL, "assigned_to_id" bigint NULL REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED, "bundle_id" bigint NULL REFERENCES "tips_tiprow" ("id") DEFERRABLE INITIALLY DEFERRED, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "outcome_by_id" bigint NULL REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED, "portal_id" bigint NOT NULL REFERENCES "people_portal" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "tip_once" UNIQUE ("hotline_id", "number", "system", "sender_key"))

CREATE TABLE "tips_tipversion" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "number" integer unsigned NOT NULL CHECK ("number" >= 0), "digest" varchar(64) NOT NULL, "facts" text NOT NULL CHECK ((JSON_VALID("facts") OR "facts" IS NULL)), "name" varchar(200) NOT NULL, "way" varchar(8) NOT NULL, "at" datetime NOT NULL, "by_id" bigint NULL REFERENCES "people_user" ("id") DEFERRABLE INITIALLY DEFERRED, "hotline_id" bigint NOT NULL REFERENCES "people_hotline" ("id") DEFERRABLE INITIALLY DEFERRED, "tip_id" bigint NOT NULL REFERENCES "tips_tiprow" ("id") DEFERRABLE INITIALLY DEFERRED, CONSTRAINT "tip_version_once" UNIQUE ("tip_id", "digest"), CONSTRAINT "tip_version_number" UNIQUE ("tip_id", "number"))

CREATE TABLE "web_security_usedkey" ("digest" varchar(64) NOT NULL PRIMARY KEY, "used_at" datetime NOT NULL)

CREATE TABLE "web_security_bucket" ("key" varchar(64) NOT NULL PRIMARY KEY, "tokens" real NOT NULL, "at" datetime NOT NULL)

CREATE TABLE "witnessing_watchedlog" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "origin" varchar(200) NOT NULL UNIQUE, "vkey" varchar(400) NOT NULL, "added_at" datetime NOT NULL, "size" bigint NOT NULL, "root" BLOB NOT NULL, "note" text NOT NULL, "cosigned_at" datetime NULL, "backup_at" datetime NULL, "restored_at" datetime NULL)

CREATE TABLE "witnessing_contradiction" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "at" datetime NOT NULL, "size" bigint NOT NULL, "digest" varchar(64) NOT NULL, "request" text NOT NULL, "log_id" bigint NOT NULL REFERENCES "witnessing_watchedlog" ("id") DEFERRABLE INITIALLY DEFERRED, "note" text NOT NULL, CONSTRAINT "contradiction_once" UNIQUE ("log_id", "digest"))

CREATE TABLE "witnessing_witness" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "vkey" varchar(400) NOT NULL UNIQUE, "url" varchar(400) NOT NULL, "added_at" datetime NOT NULL, "sizes" text NOT NULL CHECK ((JSON_VALID("sizes") OR "sizes" IS NULL)), "cosigned_at" datetime NULL, "contradicted" text NOT NULL CHECK ((JSON_VALID("contradicted") OR "contradicted" IS NULL)), "problems" text NOT NULL CHECK ((JSON_VALID("problems") OR "problems" IS NULL)))

CREATE INDEX "people_user_hotline_id_2803d8db" ON "people_user" ("hotline_id")

CREATE INDEX "people_user_made_by_id_185b49d0" ON "people_user" ("made_by_id")

CREATE INDEX "people_user_confirmed_by_id_01ef4164" ON "people_user" ("confirmed_by_id")

CREATE UNIQUE INDEX "role_given_once" ON "people_rolegrant" ("account_id", "role") WHERE "ended_at" IS NULL

CREATE INDEX "people_rolegrant_hotline_id_fd50396b" ON "people_rolegrant" ("hotline_id")

CREATE INDEX "people_rolegrant_account_id_6e474a98" ON "people_rolegrant" ("account_id")

CREATE INDEX "people_rolegrant_given_by_id_93b1b6a2" ON "people_rolegrant" ("given_by_id")

CREATE INDEX "people_rolegrant_confirmed_by_id_b51b36a2" ON "people_rolegrant" ("confirmed_by_id")

CREATE INDEX "people_rolegrant_ended_by_id_1f96dfde" ON "people_rolegrant" ("ended_by_id")

CREATE INDEX "role_grant_newest" ON "people_rolegrant" ("hotline_id", "id" DESC)

CREATE INDEX "people_secondfactorreset_hotline_id_7562e8f3" ON "people_secondfactorreset" ("hotline_id")

CREATE INDEX "people_secondfactorreset_account_id_18719375" ON "people_secondfactorreset" ("account_id")

CREATE INDEX "people_secondfactorreset_asked_by_id_e9e6f21f" ON "people_secondfactorreset" ("asked_by_id")

CREATE INDEX "people_secondfactorreset_settled_by_id_04b3ae32" ON "people_secondfactorreset" ("settled_by_id")

CREATE INDEX "people_apitoken_hotline_id_71f3a682" ON "people_apitoken" ("hotline_id")

CREATE INDEX "people_apitoken_made_by_id_ac057f9f" ON "people_apitoken" ("made_by_id")

CREATE INDEX "people_invitation_hotline_id_937dbc0b" ON "people_invitation" ("hotline_id")

CREATE INDEX "people_invitation_invited_by_id_3784d49d" ON "people_invitation" ("invited_by_id")

CREATE INDEX "people_invitation_account_id_3739de53" ON "people_invitation" ("account_id")

CREATE INDEX "invitation_newest" ON "people_invitation" ("hotline_id", "id" DESC)

CREATE INDEX "people_outsidereview_hotline_id_d678ab71" ON "people_outsidereview" ("hotline_id")

CREATE INDEX "people_outsidereview_account_id_3cd0c32f" ON "people_outsidereview" ("account_id")

CREATE INDEX "people_outsidereview_invited_by_id_eb0045cf" ON "people_outsidereview" ("invited_by_id")

CREATE INDEX "people_outsidereview_ended_by_id_e35ffdd5" ON "people_outsidereview" ("ended_by_id")

CREATE INDEX "outside_review_mine" ON "people_outsidereview" ("account_id", "state")

CREATE INDEX "account_emailconfirmation_email_address_id_5b7f8c58" ON "account_emailconfirmation" ("email_address_id")

CREATE UNIQUE INDEX "account_emailaddress_user_id_email_987c8728_uniq" ON "account_emailaddress" ("user_id", "email")

CREATE UNIQUE INDEX "unique_verified_email" ON "account_emailaddress" ("email") WHERE "verified" = 1

CREATE INDEX "account_emailaddress_user_id_2c513194" ON "account_emailaddress" ("user_id")

CREATE INDEX "account_emailaddress_email_03be32b2" ON "account_emailaddress" ("email")

CREATE UNIQUE INDEX "unique_primary_email" ON "account_emailaddress" ("user_id", "primary") WHERE "primary" = 1

CREATE INDEX "mfa_authenticator_user_id_0c3a50c0" ON "mfa_authenticator" ("user_id")

CREATE UNIQUE INDEX "unique_authenticator_type" ON "mfa_authenticator" ("user_id", "type") WHERE "type" IN ('totp', 'recovery_codes')

CREATE UNIQUE INDEX "outside_review_one_at_a_time" ON "people_outsidereview" ("hotline_id", "subject_kind", "subject_id") WHERE "state" = 'open'

CREATE INDEX "people_portalchange_asked_by_id_1258f228" ON "people_portalchange" ("asked_by_id")

CREATE INDEX "people_portalchange_hotline_id_ae4583a5" ON "people_portalchange" ("hotline_id")

CREATE INDEX "people_portalchange_portal_id_1f6f2646" ON "people_portalchange" ("portal_id")

CREATE INDEX "people_portalchange_settled_by_id_25519b28" ON "people_portalchange" ("settled_by_id")

CREATE INDEX "portal_change_newest" ON "people_portalchange" ("hotline_id", "id" DESC)

CREATE INDEX "people_apitoken_vouched_by_id_a91f7b11" ON "people_apitoken" ("vouched_by_id")

CREATE INDEX "people_helpline_confirmed_by_id_90d66042" ON "people_helpline" ("confirmed_by_id")

CREATE INDEX "people_helpline_portal_id_a60ccf8b" ON "people_helpline" ("portal_id")

CREATE INDEX "people_recording_kept_by_id_f63d2f8b" ON "people_recording" ("kept_by_id")

CREATE INDEX "people_recording_portal_id_f20273f6" ON "people_recording" ("portal_id")

CREATE INDEX "people_portal_hotline_id_5ba3b64c" ON "people_portal" ("hotline_id")

CREATE INDEX "people_portal_police_words_by_id_c0da9c1d" ON "people_portal" ("police_words_by_id")

CREATE INDEX "people_portal_emergency_confirmed_by_id_26cfbfa6" ON "people_portal" ("emergency_confirmed_by_id")

CREATE INDEX "people_portal_formerly_id_61125adf" ON "people_portal" ("formerly_id")

CREATE INDEX "administration_referraltest_hotline_id_d6239d65" ON "administration_referraltest" ("hotline_id")

CREATE INDEX "administration_referraltest_portal_id_0bbcc72c" ON "administration_referraltest" ("portal_id")

CREATE INDEX "referral_test_newest" ON "administration_referraltest" ("portal_id", "id" DESC)

CREATE UNIQUE INDEX "hand_over_once" ON "administration_portalhandover" ("portal_id") WHERE "outcome" = ''

CREATE INDEX "hand_over_newest" ON "administration_portalhandover" ("hotline_id", "id" DESC)

CREATE INDEX "hand_over_to" ON "administration_portalhandover" ("to_id", "outcome")

CREATE UNIQUE INDEX "person_request_once" ON "administration_personrequest" ("hotline_id", "kind", "subject", "act") WHERE "outcome" = ''

CREATE INDEX "person_request_newest" ON "administration_personrequest" ("hotline_id", "id" DESC)

CREATE INDEX "audit_row_subject" ON "audit_auditrow" ("chain", "subject", "number")

CREATE INDEX "audit_checkpoint_size" ON "audit_auditcheckpoint" ("chain", "size")

CREATE INDEX "audit_auditcosignature_checkpoint_id_ba248463" ON "audit_auditcosignature" ("checkpoint_id")

CREATE UNIQUE INDEX "django_content_type_app_label_model_76bd3d3b_uniq" ON "django_content_type" ("app_label", "model")

CREATE UNIQUE INDEX "auth_group_permissions_group_id_permission_id_0cd325b0_uniq" ON "auth_group_permissions" ("group_id", "permission_id")

CREATE INDEX "auth_group_permissions_group_id_b120cbf9" ON "auth_group_permissions" ("group_id")

CREATE INDEX "auth_group_permissions_permission_id_84c5c92e" ON "auth_group_permissions" ("permission_id")

CREATE UNIQUE INDEX "auth_permission_content_type_id_codename_01ab375a_uniq" ON "auth_permission" ("content_type_id", "codename")

CREATE INDEX "auth_permission_content_type_id_2f476e4b" ON "auth_permission" ("content_type_id")

CREATE INDEX "resource_title" ON "awareness_resource" ("hotline_id", "title", "id")

CREATE INDEX "resource_verdict" ON "awareness_resource" ("hotline_id", "verdict", "title", "id")

CREATE INDEX "hosting_location_hotline_id_788629c5" ON "hosting_location" ("hotline_id")

CREATE INDEX "location_host" ON "hosting_location" ("hotline_id", "host")

CREATE INDEX "hosting_finding_hotline_id_0c19321e" ON "hosting_finding" ("hotline_id")

CREATE INDEX "hosting_finding_location_id_eb98b3cf" ON "hosting_finding" ("location_id")

CREATE INDEX "finding_latest" ON "hosting_finding" ("location_id", "kind", "at" DESC)

CREATE INDEX "blocklist_import_list_id_9a575f5c" ON "blocklist_import" ("list_id")

CREATE INDEX "blocklist_blockappeal_entry_id_15978c81" ON "blocklist_blockappeal" ("entry_id")

CREATE INDEX "block_appeal_open" ON "blocklist_blockappeal" ("hotline_id", "state", "id")

CREATE INDEX "name_list_newest" ON "blocklist_namelist" ("hotline_id", "kind", "id" DESC)

CREATE UNIQUE INDEX "entry_once" ON "blocklist_entry" ("list_id", "digest", "scope") WHERE "state" IN ('proposed', 'approved', 'suspended')

CREATE INDEX "entry_by_state" ON "blocklist_entry" ("hotline_id", "list_id", "state", "id" DESC)

CREATE INDEX "entry_newest" ON "blocklist_entry" ("list_id", "id" DESC)

CREATE INDEX "entry_by_scope" ON "blocklist_entry" ("list_id", "scope", "id" DESC)

CREATE INDEX "entry_queue" ON "blocklist_entry" ("hotline_id", "id") WHERE "state" = 'proposed'

CREATE INDEX "entry_host" ON "blocklist_entry" ("hotline_id", "host")

CREATE INDEX "entry_digest" ON "blocklist_entry" ("hotline_id", "digest")

CREATE INDEX "entry_of_case" ON "blocklist_entry" ("hotline_id", "case_id") WHERE "case_id" IS NOT NULL

CREATE INDEX "entry_of_location" ON "blocklist_entry" ("hotline_id", "location_id") WHERE "location_id" IS NOT NULL

CREATE INDEX "entry_review_due" ON "blocklist_entry" ("hotline_id", "review_on") WHERE ("source" = '' AND "state" = 'approved')

CREATE INDEX "entry_check_due" ON "blocklist_entry" ("list_id", "checked_at", "id") WHERE "state" = 'approved'

CREATE INDEX "course_title" ON "capacity_course" ("hotline_id", "title", "id")

CREATE INDEX "participation_name" ON "capacity_participation" ("hotline_id", "course_id", "name", "id")

CREATE INDEX "participation_ended" ON "capacity_participation" ("hotline_id", "course_id", "ended_on", "id")

CREATE INDEX "participation_role" ON "capacity_participation" ("hotline_id", "role", "country", "person", "course_id", "ended_on")

CREATE INDEX "participation_session" ON "capacity_participation" ("hotline_id", "session_id")

CREATE UNIQUE INDEX "certificate_valid_once" ON "capacity_certificate" ("participation_id") WHERE "revoked_at" IS NULL

CREATE INDEX "capacity_certificate_participation_id_7ddad6b8" ON "capacity_certificate" ("participation_id")

CREATE INDEX "certificate_newest" ON "capacity_certificate" ("hotline_id", "id")

CREATE INDEX "certificate_course" ON "capacity_certificate" ("hotline_id", "course_id")

CREATE INDEX "certificate_waiting" ON "capacity_certificate" ("hotline_id", "id") WHERE ("asked_at" IS NOT NULL AND "revoked_at" IS NULL)

CREATE INDEX "certificate_revoked" ON "capacity_certificate" ("hotline_id", "list_number", "list_index") WHERE "revoked_at" IS NOT NULL

CREATE UNIQUE INDEX "counsellor_one_at_a_time" ON "capacity_counsellor" ("hotline_id") WHERE "ended_at" IS NULL

CREATE INDEX "care_note_day" ON "capacity_carenote" ("hotline_id", "counsellor_id", "day", "finder")

CREATE INDEX "equipment_of_facility" ON "capacity_equipment" ("hotline_id", "facility_id", "name", "id")

CREATE INDEX "equipment_ends" ON "capacity_equipment" ("hotline_id", "ends_on", "id")

CREATE INDEX "certificate_revoked_last" ON "capacity_certificate" ("hotline_id", "id") WHERE "revoked_at" IS NOT NULL

CREATE INDEX "care_date_coming" ON "capacity_caredate" ("hotline_id", "on", "at")

CREATE UNIQUE INDEX "care_date_offered_once" ON "capacity_caredate" ("hotline_id", "counsellor_id", "on", "at") WHERE "is_cancelled" = 0

CREATE INDEX "participation_person" ON "capacity_participation" ("hotline_id", "person")

CREATE INDEX "intake_item_report_id_87bddb4a" ON "intake_item" ("report_id")

CREATE INDEX "intake_reportermessage_report_id_5f352e38" ON "intake_reportermessage" ("report_id")

CREATE UNIQUE INDEX "one_open_review" ON "intake_reviewrequest" ("report_id") WHERE "settled_at" IS NULL

CREATE INDEX "intake_reviewrequest_report_id_1f066e0c" ON "intake_reviewrequest" ("report_id")

CREATE INDEX "outside_appeal_by_state" ON "intake_outsideappeal" ("hotline_id", "state", "id" DESC)

CREATE INDEX "outside_appeal_done" ON "intake_outsideappeal" ("hotline_id", "state_changed_at") WHERE "state" = 'closed'

CREATE UNIQUE INDEX "saved_view_shared_once" ON "casework_savedview" ("hotline_id", "name") WHERE "is_shared" = 1

CREATE INDEX "list_taken_newest" ON "casework_listtaken" ("hotline_id", "id" DESC)

CREATE INDEX "bulk_newest" ON "casework_bulkrun" ("hotline_id", "by_id", "id" DESC)

CREATE INDEX "case_lane" ON "casework_case" ("hotline_id", "lane", "priority", "id")

CREATE INDEX "case_state" ON "casework_case" ("hotline_id", "state", "id" DESC)

CREATE INDEX "case_newest" ON "casework_case" ("hotline_id", "id" DESC)

CREATE INDEX "case_claims" ON "casework_case" ("hotline_id", "claimed_by_id") WHERE "claimed_by_id" IS NOT NULL

CREATE INDEX "case_held" ON "casework_case" ("hotline_id", "held_until") WHERE "held_until" IS NOT NULL

CREATE INDEX "case_news" ON "casework_case" ("hotline_id", "news_at" DESC) WHERE "news_at" IS NOT NULL

CREATE INDEX "case_received" ON "casework_case" ("hotline_id", "received_at")

CREATE INDEX "case_narrowed" ON "casework_case" ("hotline_id", "id" DESC, "state", "country", "place", "source", "urgent", "known", "appealed", "returned", "claimed_by_id", "received_at")

CREATE INDEX "case_country" ON "casework_case" ("hotline_id", "country", "id" DESC)

CREATE INDEX "case_source" ON "casework_case" ("hotline_id", "source", "id" DESC)

CREATE INDEX "case_urgent" ON "casework_case" ("hotline_id", "id" DESC) WHERE "urgent" = 1

CREATE INDEX "case_known" ON "casework_case" ("hotline_id", "id" DESC) WHERE "known" = 1

CREATE INDEX "case_appealed" ON "casework_case" ("hotline_id", "id" DESC) WHERE "appealed" = 1

CREATE INDEX "case_returned" ON "casework_case" ("hotline_id", "id" DESC) WHERE "returned" = 1

CREATE INDEX "case_parts" ON "casework_case" ("hotline_id", "merged_into_id") WHERE "merged_into_id" IS NOT NULL

CREATE INDEX "case_removed" ON "casework_case" ("hotline_id", "removed_at") WHERE "removed_at" IS NOT NULL

CREATE INDEX "casework_bulkitem_case_id_694a9aba" ON "casework_bulkitem" ("case_id")

CREATE INDEX "casework_joining_case_id_56208158" ON "casework_merging" ("case_id")

CREATE INDEX "casework_joining_other_id_48e29e98" ON "casework_merging" ("other_id")

CREATE INDEX "casework_caseitem_case_id_2ab5aa78" ON "casework_caseitem" ("case_id")

CREATE UNIQUE INDEX "assessment_once_a_cycle" ON "casework_assessment" ("case_id", "cycle", "by_id") WHERE "round" IN ('first', 'second', 'sample')

CREATE INDEX "casework_assessment_case_id_977b71aa" ON "casework_assessment" ("case_id")

CREATE INDEX "assessment_at" ON "casework_assessment" ("hotline_id", "at", "by_id")

CREATE INDEX "assessment_blind" ON "casework_assessment" ("hotline_id", "at" DESC) WHERE "round" IN ('second', 'sample')

CREATE INDEX "part_of_person" ON "casework_part" ("case_id", "by_id")

CREATE INDEX "casework_sampledassessment_case_id_362dc5d5" ON "casework_sampledassessment" ("case_id")

CREATE INDEX "sample_waiting" ON "casework_sampledassessment" ("hotline_id", "state", "id")

CREATE UNIQUE INDEX "casework_sampledassessment_readers_sampledassessment_id_user_id_2add977e_uniq" ON "casework_sampledassessment_readers" ("sampledassessment_id", "user_id")

CREATE INDEX "casework_sampledassessment_readers_sampledassessment_id_35fe7b52" ON "casework_sampledassessment_readers" ("sampledassessment_id")

CREATE INDEX "casework_sampledassessment_readers_user_id_b309c1e0" ON "casework_sampledassessment_readers" ("user_id")

CREATE UNIQUE INDEX "appeal_without_case_once" ON "casework_appeal" ("hotline_id", "origin", "origin_id") WHERE "case_id" IS NULL

CREATE INDEX "casework_appeal_case_id_176ce364" ON "casework_appeal" ("case_id")

CREATE INDEX "appeal_open" ON "casework_appeal" ("hotline_id", "state", "due_at")

CREATE INDEX "casework_appealreply_appeal_id_5965230d" ON "casework_appealreply" ("appeal_id")

CREATE INDEX "casework_note_case_id_04285f3c" ON "casework_note" ("case_id")

CREATE INDEX "casework_view_case_id_2cca0404" ON "casework_view" ("case_id")

CREATE INDEX "view_budget" ON "casework_view" ("hotline_id", "by_id", "at")

CREATE INDEX "case_named" ON "casework_case" ("named_with_id") WHERE "named_with_id" IS NOT NULL

CREATE INDEX "casework_alteredfile_case_id_14816b05" ON "casework_alteredfile" ("case_id")

CREATE INDEX "note_newest" ON "casework_note" ("hotline_id", "id" DESC)

CREATE INDEX "clock_running" ON "clocks_clock" ("hotline_id", "kind", "due_at") WHERE "state" = 'running'

CREATE INDEX "clock_paused" ON "clocks_clock" ("hotline_id", "kind", "paused_at") WHERE "state" = 'paused'

CREATE INDEX "clock_of_rule" ON "clocks_clock" ("portal_id", "rule_kind", "id") WHERE "state" IN ('running', 'paused')

CREATE INDEX "clocks_escalation_clock_id_b864f248" ON "clocks_escalation" ("clock_id")

CREATE INDEX "escalation_newest" ON "clocks_escalation" ("hotline_id", "at" DESC)

CREATE INDEX "peer_invitation_newest" ON "exchange_peerinvitation" ("hotline_id", "id" DESC)

CREATE INDEX "exchange_peerkey_peer_id_1a1b4480" ON "exchange_peerkey" ("peer_id")

CREATE INDEX "exchange_message_waits" ON "exchange_exchangemessage" ("peer_id", "id") WHERE "state" = 'waiting'

CREATE INDEX "exchange_message_held" ON "exchange_exchangemessage" ("hotline_id", "id") WHERE "state" = 'held'

CREATE INDEX "exchange_newest" ON "exchange_exchange" ("hotline_id", "id" DESC)

CREATE INDEX "exchange_to_accept" ON "exchange_exchange" ("hotline_id", "is_urgent" DESC, "id") WHERE ("side" = 'hosting' AND "stage" = 'reported')

CREATE INDEX "exchange_of_case" ON "exchange_exchange" ("hotline_id", "case_id") WHERE "case_id" IS NOT NULL

CREATE INDEX "exchange_of_report" ON "exchange_exchange" ("hotline_id", "report_id") WHERE "report_id" IS NOT NULL

CREATE INDEX "exchange_own_item" ON "exchange_exchange" ("hotline_id", "item") WHERE "side" = 'reporting'

CREATE INDEX "hashbank_investigation_record_id_72797270" ON "hashbank_investigation" ("record_id")

CREATE INDEX "sighting_case" ON "hashbank_sighting" ("hotline_id", "case_id")

CREATE INDEX "index_change_order" ON "hashbank_indexchange" ("hotline_id", "id")

CREATE INDEX "inquiry_newest" ON "hashbank_inquiry" ("hotline_id", "last_at" DESC)

CREATE INDEX "hashbank_inquirymatch_record_id_f65cf1ea" ON "hashbank_inquirymatch" ("record_id")

CREATE INDEX "list_reader_order" ON "hashbank_listreader" ("hotline_id", "id")

CREATE INDEX "hashbank_membership_record_id_adba994e" ON "hashbank_membership" ("record_id")

CREATE INDEX "hashbank_ruling_record_id_31de8c3b" ON "hashbank_ruling" ("record_id")

CREATE INDEX "vote_foreign_key" ON "hashbank_vote" ("hotline_id", "foreign_id") WHERE NOT ("foreign_id" = '')

CREATE INDEX "match_count_day" ON "hashbank_matchcount" ("hotline_id", "day")

CREATE INDEX "record_revision" ON "hashbank_record" ("hotline_id", "revision")

CREATE INDEX "record_not_confirmed" ON "hashbank_record" ("hotline_id", "state") WHERE NOT ("state" = 'confirmed')

CREATE INDEX "record_series" ON "hashbank_record" ("hotline_id", "series") WHERE NOT ("series" = '')

CREATE INDEX "feedback_source" ON "hashbank_feedback" ("hotline_id", "source")

CREATE INDEX "client_bank_owner" ON "hashbank_clientbank" ("hotline_id", "owner_id")

CREATE INDEX "client_content_record" ON "hashbank_clientcontent" ("hotline_id", "record_id")

CREATE INDEX "client_content_bank" ON "hashbank_clientcontent" ("hotline_id", "bank_id")

CREATE INDEX "hash_key" ON "hashbank_recordhash" ("hotline_id", "key")

CREATE INDEX "hash_record" ON "hashbank_recordhash" ("hotline_id", "record_id")

CREATE INDEX "window_order" ON "hashbank_recordwindow" ("hotline_id", "id")

CREATE INDEX "window_record" ON "hashbank_recordwindow" ("hotline_id", "record_id")

CREATE UNIQUE INDEX "source_change_once" ON "hashbank_sourcechange" ("source_id") WHERE "answered_at" IS NULL

CREATE INDEX "hashbank_sourcefeedback_record_id_0fb1469c" ON "hashbank_sourcefeedback" ("record_id")

CREATE UNIQUE INDEX "vote_change_once" ON "hashbank_votechange" ("record_id") WHERE "answered_at" IS NULL

CREATE INDEX "vote_change_open" ON "hashbank_votechange" ("hotline_id") WHERE "answered_at" IS NULL

CREATE UNIQUE INDEX "ruling_counts_once" ON "hashbank_ruling" ("record_id") WHERE ("ended_at" IS NULL AND ("needs_second" = 0 OR "second_at" IS NOT NULL))

CREATE UNIQUE INDEX "ruling_waits_once" ON "hashbank_ruling" ("record_id") WHERE ("ended_at" IS NULL AND "needs_second" = 1 AND "second_at" IS NULL)

CREATE INDEX "import_newest" ON "hashbank_import" ("hotline_id", "id" DESC)

CREATE INDEX "hashbank_quarantine_hash_id_0b221a8a" ON "hashbank_quarantine" ("hash_id")

CREATE INDEX "quarantine_open" ON "hashbank_quarantine" ("hotline_id", "at") WHERE "settled_at" IS NULL

CREATE INDEX "upload_newest" ON "hashbank_upload" ("hotline_id", "id" DESC)

CREATE UNIQUE INDEX "live_source_once" ON "hashbank_livesource" ("hotline_id", "name") WHERE "removed_at" IS NULL

CREATE INDEX "own_picture_key" ON "hashbank_ownpicturehash" ("hotline_id", "key")

CREATE INDEX "own_picture_report" ON "hashbank_ownpicturehash" ("hotline_id", "report_id")

CREATE INDEX hosting_finding_account ON hosting_finding (hotline_id, kind, substr(value, 1, 120)) WHERE kind IN ('owner_email', 'registrar_account', 'registrant')

CREATE INDEX "hosting_fetch_hotline_id_17ae901e" ON "hosting_fetch" ("hotline_id")

CREATE INDEX "hosting_fetch_location_id_56a68e05" ON "hosting_fetch" ("location_id")

CREATE INDEX "fetch_latest" ON "hosting_fetch" ("location_id", "at" DESC)

CREATE INDEX "hosting_foundfile_hotline_id_54d0e8ed" ON "hosting_foundfile" ("hotline_id")

CREATE INDEX "hosting_foundfile_fetch_id_6c06f157" ON "hosting_foundfile" ("fetch_id")

CREATE INDEX "found_file_sha256" ON "hosting_foundfile" ("hotline_id", "sha256")

CREATE INDEX "found_file_md5" ON "hosting_foundfile" ("hotline_id", "md5")

CREATE INDEX "found_file_sha1" ON "hosting_foundfile" ("hotline_id", "sha1")

CREATE INDEX "found_file_pdq" ON "hosting_foundfile" ("hotline_id", "pdq")

CREATE INDEX "name_record_newest" ON "hosting_namerecord" ("hotline_id", "name", "id" DESC)

CREATE INDEX "name_record_end" ON "hosting_namerecord" ("hotline_id", "end", "id" DESC)

CREATE INDEX "name_record_holder" ON "hosting_namerecord" ("hotline_id", "holder_key", "id" DESC)

CREATE INDEX "name_record_to_forget" ON "hosting_namerecord" ("hotline_id", "last_at") WHERE "has_holder" = 1

CREATE INDEX "hosting_namehop_location_id_b5e3cd4e" ON "hosting_namehop" ("location_id")

CREATE INDEX "name_hop_other" ON "hosting_namehop" ("hotline_id", "other")

CREATE INDEX "installation_change_group_41e00725" ON "installation_change" ("group")

CREATE INDEX "report_newest" ON "intake_report" ("hotline_id", "id" DESC)

CREATE INDEX "report_by_source" ON "intake_report" ("hotline_id", "source", "id" DESC)

CREATE INDEX "report_contact_due" ON "intake_report" ("hotline_id", "closed_at") WHERE NOT ("contact" = '')

CREATE INDEX "report_receipt_due" ON "intake_report" ("hotline_id", "closed_at") WHERE ("closed_at" IS NOT NULL AND "receipt_hash" IS NOT NULL)

CREATE INDEX "intake_smstalk_next_key_0325aa6b" ON "intake_smstalk" ("next_key")

CREATE INDEX "intake_smstalk_at_44403e4e" ON "intake_smstalk" ("at")

CREATE INDEX "intake_smstalk_unanswered_at_33a1fbaa" ON "intake_smstalk" ("unanswered_at")

CREATE INDEX "report_open" ON "intake_report" ("portal_id", "id") WHERE ("closed_at" IS NULL AND "withdrawn_at" IS NULL)

CREATE INDEX "handed_item_case" ON "intake_handeditem" ("case_id")

CREATE INDEX "stopped_number_portal" ON "intake_stoppednumber" ("portal_id")

CREATE INDEX "job_due_urgent" ON "jobs_job" ("due_at", "id") WHERE ("dead" = 0 AND "urgent" = 1)

CREATE INDEX "job_due_ordinary" ON "jobs_job" ("due_at", "id") WHERE ("dead" = 0 AND "urgent" = 0)

CREATE INDEX "job_dead" ON "jobs_job" ("hotline_id", "id" DESC) WHERE "dead" = 1

CREATE INDEX "clock_jump_open" ON "jobs_clockjump" ("id") WHERE "settled_at" IS NULL

CREATE INDEX "languages_languagereview_language_1aa0733f" ON "languages_languagereview" ("language")

CREATE INDEX "languages_textproposal_proposed_in_id_bd8748af" ON "languages_textproposal" ("proposed_in_id")

CREATE INDEX "languages_textproposal_by_id_4bef6185" ON "languages_textproposal" ("by_id")

CREATE INDEX "languages_textproposal_state_7dd58fd0" ON "languages_textproposal" ("state")

CREATE INDEX "languages_textproposal_endorsed_by_id_5137e1d1" ON "languages_textproposal" ("endorsed_by_id")

CREATE INDEX "languages_textproposal_endorsed_in_id_7bda3d75" ON "languages_textproposal" ("endorsed_in_id")

CREATE INDEX "languages_textproposal_decided_by_id_bde11075" ON "languages_textproposal" ("decided_by_id")

CREATE INDEX "laws_lawrevision_by_user_id_fb708aac" ON "laws_lawrevision" ("by_user_id")

CREATE INDEX "laws_lawrevision_proposed_in_id_b728bbba" ON "laws_lawrevision" ("proposed_in_id")

CREATE INDEX "laws_lawrevision_endorsed_by_id_6abf586e" ON "laws_lawrevision" ("endorsed_by_id")

CREATE INDEX "laws_lawrevision_endorsed_in_id_cb6e5666" ON "laws_lawrevision" ("endorsed_in_id")

CREATE INDEX "laws_lawrevision_decided_by_id_cac98b5b" ON "laws_lawrevision" ("decided_by_id")

CREATE INDEX "monitoring_watch_hotline_id_e763a219" ON "monitoring_watch" ("hotline_id")

CREATE INDEX "watch_state" ON "monitoring_watch" ("hotline_id", "state", "next_at")

CREATE INDEX "monitoring_check_hotline_id_53107622" ON "monitoring_check" ("hotline_id")

CREATE INDEX "monitoring_check_watch_id_19e8f3a0" ON "monitoring_check" ("watch_id")

CREATE INDEX "check_newest" ON "monitoring_check" ("watch_id", "at" DESC)

CREATE INDEX "self_assessment_newest" ON "national_selfassessment" ("hotline_id", "year" DESC, "id" DESC)

CREATE INDEX "self_answer_newest" ON "national_selfanswer" ("hotline_id", "assessment_id", "question", "id" DESC)

CREATE INDEX "notices_notice_hotline_id_225a9f5e" ON "notices_notice" ("hotline_id")

CREATE INDEX "notices_notice_contact_id_f8667e1e" ON "notices_notice" ("contact_id")

CREATE INDEX "notice_contact" ON "notices_notice" ("contact_id", "state")

CREATE INDEX "alert_newest" ON "notices_alert" ("hotline_id", "to", "what", "id" DESC)

CREATE INDEX "notices_alertcase_alert_id_8c11d3b2" ON "notices_alertcase" ("alert_id")

CREATE INDEX "notices_message_hotline_id_b84d768e" ON "notices_message" ("hotline_id")

CREATE INDEX "message_state" ON "notices_message" ("hotline_id", "state", "id" DESC)

CREATE INDEX "notices_reply_item_id_48ac520f" ON "notices_reply" ("item_id")

CREATE INDEX "notices_reply_referral_id_9fbd4a3c" ON "notices_reply" ("referral_id")

CREATE INDEX "notices_inboundmail_hotline_id_005ed025" ON "notices_inboundmail" ("hotline_id")

CREATE INDEX "notices_inboundmail_notice_id_e9a0a591" ON "notices_inboundmail" ("notice_id")

CREATE INDEX "notices_inboundmail_referral_id_30768301" ON "notices_inboundmail" ("referral_id")

CREATE INDEX "mail_newest" ON "notices_inboundmail" ("hotline_id", "id" DESC)

CREATE INDEX "mail_unread" ON "notices_inboundmail" ("hotline_id", "read_at")

CREATE INDEX "payment_alert_newest" ON "notices_paymentalert" ("hotline_id", "id" DESC)

CREATE INDEX "payment_alert_payee" ON "notices_paymentalert" ("hotline_id", "payee_id", "id" DESC)

CREATE INDEX "payment_alert_contact" ON "notices_paymentalert" ("contact_id", "id" DESC)

CREATE INDEX "payment_alert_back" ON "notices_paymentalert" ("withdraws_id") WHERE "withdraws_id" IS NOT NULL

CREATE INDEX "payment_alert_of_case" ON "notices_paymentalertcase" ("hotline_id", "case_id")

CREATE INDEX "payment_alert_open" ON "notices_paymentalert" ("hotline_id", "id" DESC) WHERE ("answer" = 'none' AND "withdraws_id" IS NULL)

CREATE INDEX "notices_contact_hotline_id_bfddb61b" ON "notices_contact" ("hotline_id")

CREATE INDEX "contact_email" ON "notices_contact" ("hotline_id", "email")

CREATE INDEX "contact_due" ON "notices_contact" ("hotline_id", "kind", "due" DESC) WHERE "due" >= 1

CREATE INDEX "message_to" ON "notices_message" ("hotline_id", "to", "id" DESC)

CREATE INDEX "mail_sender" ON "notices_inboundmail" ("hotline_id", "sender", "id" DESC)

CREATE INDEX "sent_since_to" ON "notices_sentsince" ("to")

CREATE INDEX "notices_noticecase_hotline_id_22b215d8" ON "notices_noticecase" ("hotline_id")

CREATE INDEX "notices_noticecase_portal_id_15b59093" ON "notices_noticecase" ("portal_id")

CREATE INDEX "notice_case_location" ON "notices_noticecase" ("location_id", "state")

CREATE INDEX "notice_case_state" ON "notices_noticecase" ("hotline_id", "state", "problem")

CREATE INDEX "notices_noticeitem_hotline_id_3ecc6964" ON "notices_noticeitem" ("hotline_id")

CREATE INDEX "notices_noticeitem_notice_id_133afcd8" ON "notices_noticeitem" ("notice_id")

CREATE INDEX "notices_noticeitem_notice_case_id_d1836d58" ON "notices_noticeitem" ("notice_case_id")

CREATE INDEX "notice_item_case" ON "notices_noticeitem" ("hotline_id", "case_id")

CREATE INDEX "name_act_case" ON "notices_nameact" ("hotline_id", "case_id", "id" DESC)

CREATE INDEX "notices_referral_hotline_id_7d64ea04" ON "notices_referral" ("hotline_id")

CREATE INDEX "notices_referral_notice_case_id_178b2a2f" ON "notices_referral" ("notice_case_id")

CREATE INDEX "notices_referral_portal_id_e7870de5" ON "notices_referral" ("portal_id")

CREATE INDEX "notices_referral_contact_id_3b5b7312" ON "notices_referral" ("contact_id")

CREATE INDEX "notices_referral_mail_of_id_7378dff1" ON "notices_referral" ("mail_of_id")

CREATE INDEX "referral_case" ON "notices_referral" ("hotline_id", "case_id")

CREATE INDEX "referral_state" ON "notices_referral" ("hotline_id", "state", "id" DESC)

CREATE INDEX "referral_protection" ON "notices_referral" ("hotline_id", "created_at") WHERE "kind" = 'protection'

CREATE INDEX "notice_case_address" ON "notices_noticecase" ("address_key")

CREATE INDEX "notice_case_put_back" ON "notices_noticecase" ("put_back_at") WHERE "put_back_at" IS NOT NULL

CREATE INDEX "oncall_oncallperson_portal_id_3da14d61" ON "oncall_oncallperson" ("portal_id")

CREATE INDEX "oncall_oncallperson_person_id_2fd7cba0" ON "oncall_oncallperson" ("person_id")

CREATE UNIQUE INDEX "one_open_page_per_portal" ON "oncall_page" ("portal_id", "kind") WHERE "closed_at" IS NULL

CREATE INDEX "page_newest" ON "oncall_page" ("hotline_id", "id" DESC)

CREATE INDEX "page_open" ON "oncall_page" ("hotline_id", "id") WHERE "closed_at" IS NULL

CREATE INDEX "oncall_pagedreport_page_id_780858bb" ON "oncall_pagedreport" ("page_id")

CREATE INDEX "oncall_pagedreport_report_id_8eef570e" ON "oncall_pagedreport" ("report_id")

CREATE INDEX "oncall_pagemessage_page_id_ea365930" ON "oncall_pagemessage" ("page_id")

CREATE INDEX "oncall_acknowledgement_page_id_bcb70f17" ON "oncall_acknowledgement" ("page_id")

CREATE INDEX "page_held" ON "oncall_page" ("hotline_id", "id") WHERE "held_until" IS NOT NULL

CREATE INDEX "oncall_handovernote_portal_id_b4d81b5b" ON "oncall_handovernote" ("portal_id")

CREATE INDEX "export_of_subject" ON "outputs_export" ("hotline_id", "subject", "id" DESC)

CREATE UNIQUE INDEX "submission_once" ON "outputs_submission" ("case_id", "service") WHERE (NOT ("step" IN ('retracted', 'refused')) AND "is_test" = 0)

CREATE INDEX "submission_of_case" ON "outputs_submission" ("hotline_id", "case_id", "id" DESC)

CREATE INDEX "demand_where" ON "payments_demand" ("hotline_id", "place", "number")

CREATE INDEX "payee_newest" ON "payments_payee" ("hotline_id", "last_at" DESC, "id" DESC, "kind", "pages")

CREATE INDEX "payee_written" ON "payments_payee" ("hotline_id", "key")

CREATE INDEX "payee_several" ON "payments_payee" ("hotline_id", "places" DESC, "last_at" DESC, "id" DESC, "kind") WHERE "places" > 1

CREATE INDEX "payee_several_pages" ON "payments_payee" ("hotline_id", "pages" DESC, "last_at" DESC, "id" DESC, "kind") WHERE "pages" > 1

CREATE INDEX "payee_of_kind" ON "payments_payee" ("hotline_id", "kind", "last_at" DESC, "id" DESC, "pages")

CREATE INDEX "provider_newest" ON "providers_provider" ("hotline_id", "id" DESC)

CREATE INDEX "provider_by_state" ON "providers_provider" ("hotline_id", "state", "id" DESC)

CREATE INDEX "providers_providerperson_provider_id_dd982a0f" ON "providers_providerperson" ("provider_id")

CREATE INDEX "providers_providerkey_provider_id_1dc7dd60" ON "providers_providerkey" ("provider_id")

CREATE INDEX "provider_batch_newest" ON "providers_providerbatch" ("provider_id", "id" DESC)

CREATE INDEX "provider_line_newest" ON "providers_providerline" ("hotline_id", "id" DESC)

CREATE INDEX "provider_line_of" ON "providers_providerline" ("provider_id", "id" DESC)

CREATE INDEX "provider_line_by_state" ON "providers_providerline" ("hotline_id", "state", "id")

CREATE INDEX "provider_line_urgent_opened" ON "providers_providerline" ("hotline_id", "opened_at") WHERE NOT ("raised" = '')

CREATE INDEX "provider_line_fold" ON "providers_providerline" ("hotline_id", "fold") WHERE NOT ("fold" = '')

CREATE INDEX "provider_line_first" ON "providers_providerline" ("hotline_id", "state") WHERE (NOT ("raised" = '') AND "state" = 'waiting')

CREATE INDEX "provider_line_later" ON "providers_providerline" ("first_id") WHERE "first_id" IS NOT NULL

CREATE INDEX "provider_line_preserved" ON "providers_providerline" ("provider_id", "keep_until") WHERE ("destroyed_at" IS NULL AND "keep_until" IS NOT NULL)

CREATE INDEX "providers_linedecision_line_id_04e307c3" ON "providers_linedecision" ("line_id")

CREATE INDEX "provider_entity_newest" ON "providers_designatedentity" ("hotline_id", "since" DESC, "id" DESC)

CREATE INDEX "provider_line_remind" ON "providers_providerline" ("hotline_id", "remind_at") WHERE "remind_at" IS NOT NULL

CREATE INDEX "provider_line_turn" ON "providers_providerline" ("hotline_id", "provider_id", "id") WHERE ("raised" = '' AND "state" = 'waiting')

CREATE INDEX "publication_newest" ON "publishing_publication" ("list_id", "id" DESC)

CREATE INDEX "publication_by_state" ON "publishing_publication" ("list_id", "state", "id" DESC)

CREATE INDEX "publishing_subscriber_token_id_5e4c464e" ON "publishing_subscriber" ("token_id")

CREATE INDEX "subscriber_by_name" ON "publishing_subscriber" ("hotline_id", "name", "id")

CREATE UNIQUE INDEX "publishing_subscriber_lists_subscriber_id_blocklist_id_a44fc2fa_uniq" ON "publishing_subscriber_lists" ("subscriber_id", "blocklist_id")

CREATE INDEX "publishing_subscriber_lists_subscriber_id_2a52d873" ON "publishing_subscriber_lists" ("subscriber_id")

CREATE INDEX "publishing_subscriber_lists_blocklist_id_c9f7c58a" ON "publishing_subscriber_lists" ("blocklist_id")

CREATE INDEX "list_test_quarter" ON "publishing_listtest" ("hotline_id", "quarter")

CREATE INDEX "evidence_newest" ON "publishing_evidence" ("hotline_id", "subscriber_id", "on" DESC, "id" DESC)

CREATE UNIQUE INDEX "training_one_open_run" ON "quality_trainingrun" ("by_id") WHERE "finished_at" IS NULL

CREATE INDEX "training_of_person" ON "quality_trainingrun" ("hotline_id", "by_id", "id" DESC)

CREATE INDEX "quality_traininganswer_run_id_e1f41ff0" ON "quality_traininganswer" ("run_id")

CREATE INDEX "quality_adjudication_case_id_b844ef6b" ON "quality_adjudication" ("case_id")

CREATE INDEX "adjudication_open" ON "quality_adjudication" ("hotline_id", "state", "id" DESC)

CREATE INDEX "changed_unseen" ON "quality_changeddecision" ("hotline_id", "seen_at", "id" DESC)

CREATE INDEX "data_key_mark" ON "sealing_datakey" ("mark")

CREATE UNIQUE INDEX "one_words_key_a_kind" ON "sealing_wordskey" ("kind") WHERE "left_at" IS NULL

CREATE INDEX "django_session_expire_date_a5c62663" ON "django_session" ("expire_date")

CREATE INDEX "spool_taken_at_bbb43d29" ON "spool_taken" ("at")

CREATE INDEX "arrival_next" ON "spool_arrival" ("is_urgent" DESC, "id") WHERE "problem" = ''

CREATE INDEX "arrival_of_receipt" ON "spool_arrival" ("receipt") WHERE NOT ("receipt" = '')

CREATE INDEX "arrival_of_form" ON "spool_arrival" ("once") WHERE NOT ("once" = '')

CREATE INDEX "arrival_problem" ON "spool_arrival" ("problem") WHERE NOT ("problem" = '')

CREATE INDEX "spool_card_once_e4ea4889" ON "spool_card" ("once")

CREATE INDEX "card_of" ON "spool_card" ("kind", "number")

CREATE INDEX "arrival_kept_back" ON "spool_arrival" ("hotline_number", "id") WHERE NOT ("problem" = '')

CREATE INDEX "tip_newest" ON "tips_tiprow" ("hotline_id", "id" DESC)

CREATE INDEX "tip_by_state" ON "tips_tiprow" ("hotline_id", "state", "is_urgent" DESC, "id")

CREATE INDEX "tip_fold" ON "tips_tiprow" ("hotline_id", "fold") WHERE NOT ("fold" = '')

CREATE INDEX "tip_urgent_opened" ON "tips_tiprow" ("hotline_id", "opened_at") WHERE "is_urgent" = 1

CREATE INDEX "tip_bundle" ON "tips_tiprow" ("bundle_id") WHERE "bundle_id" IS NOT NULL

CREATE INDEX "web_security_usedkey_used_at_733ba33d" ON "web_security_usedkey" ("used_at")

CREATE INDEX "web_security_bucket_at_35749831" ON "web_security_bucket" ("at")

CREATE INDEX "witnessing_contradiction_log_id_3e8d0107" ON "witnessing_contradiction" ("log_id")

CREATE TRIGGER audit_auditrow_no_update BEFORE UPDATE ON audit_auditrow BEGIN SELECT RAISE(ABORT, 'the log can only grow'); END

CREATE TRIGGER audit_auditrow_no_delete BEFORE DELETE ON audit_auditrow BEGIN SELECT RAISE(ABORT, 'the log can only grow'); END

CREATE TRIGGER audit_audithead_no_update BEFORE UPDATE ON audit_audithead BEGIN SELECT RAISE(ABORT, 'the log can only grow'); END

CREATE TRIGGER audit_audithead_no_delete BEFORE DELETE ON audit_audithead BEGIN SELECT RAISE(ABORT, 'the log can only grow'); END

CREATE TRIGGER audit_auditrow_no_replace BEFORE INSERT ON audit_auditrow WHEN EXISTS (SELECT 1 FROM audit_auditrow WHERE id = NEW.id OR (chain = NEW.chain AND number = NEW.number)) BEGIN SELECT RAISE(ABORT, 'the log can only grow'); END

CREATE TRIGGER audit_audithead_no_replace BEFORE INSERT ON audit_audithead WHEN EXISTS (SELECT 1 FROM audit_audithead WHERE id = NEW.id OR (chain = NEW.chain AND number = NEW.number)) BEGIN SELECT RAISE(ABORT, 'the log can only grow'); END

CREATE TRIGGER audit_auditcheckpoint_no_update BEFORE UPDATE ON audit_auditcheckpoint BEGIN SELECT RAISE(ABORT, 'the log can only grow'); END

CREATE TRIGGER audit_auditcheckpoint_no_delete BEFORE DELETE ON audit_auditcheckpoint BEGIN SELECT RAISE(ABORT, 'the log can only grow'); END

CREATE TRIGGER audit_auditcosignature_no_update BEFORE UPDATE ON audit_auditcosignature BEGIN SELECT RAISE(ABORT, 'the log can only grow'); END

CREATE TRIGGER audit_auditcosignature_no_delete BEFORE DELETE ON audit_auditcosignature BEGIN SELECT RAISE(ABORT, 'the log can only grow'); END

CREATE TRIGGER audit_auditcheckpoint_no_replace BEFORE INSERT ON audit_auditcheckpoint WHEN EXISTS (SELECT 1 FROM audit_auditcheckpoint WHERE id = NEW.id OR (chain = NEW.chain AND body = NEW.body)) BEGIN SELECT RAISE(ABORT, 'the log can only grow'); END

CREATE TRIGGER audit_auditcosignature_no_replace BEFORE INSERT ON audit_auditcosignature WHEN EXISTS (SELECT 1 FROM audit_auditcosignature WHERE id = NEW.id OR (checkpoint_id = NEW.checkpoint_id AND vkey = NEW.vkey AND seen_at = NEW.seen_at)) BEGIN SELECT RAISE(ABORT, 'the log can only grow'); END

CREATE TRIGGER hosting_location_part_insert AFTER INSERT ON hosting_location BEGIN INSERT INTO hosting_location_part(rowid, comparable) VALUES (new.id, new.comparable); END

CREATE TRIGGER hosting_location_part_delete AFTER DELETE ON hosting_location BEGIN 
INSERT INTO hosting_location_part(hosting_location_part, rowid, comparable) VALUES ('delete', old.id, old.comparable);
 END

CREATE TRIGGER hosting_location_part_update AFTER UPDATE OF comparable ON hosting_location BEGIN 
INSERT INTO hosting_location_part(hosting_location_part, rowid, comparable) VALUES ('delete', old.id, old.comparable);
 INSERT INTO hosting_location_part(rowid, comparable) VALUES (new.id, new.comparable); END

INSERT INTO "django_migrations" ("app", "name", "applied") VALUES
('people', '0001_initial', CURRENT_TIMESTAMP),
('account', '0001_initial', CURRENT_TIMESTAMP),
('account', '0002_email_max_length', CURRENT_TIMESTAMP),
('account', '0003_alter_emailaddress_create_unique_verified_email', CURRENT_TIMESTAMP),
('account', '0004_alter_emailaddress_drop_unique_email', CURRENT_TIMESTAMP),
('account', '0005_emailaddress_idx_upper_email', CURRENT_TIMESTAMP),
('account', '0006_emailaddress_lower', CURRENT_TIMESTAMP),
('account', '0007_emailaddress_idx_email', CURRENT_TIMESTAMP),
('account', '0008_emailaddress_unique_primary_email_fixup', CURRENT_TIMESTAMP),
('account', '0009_emailaddress_unique_primary_email', CURRENT_TIMESTAMP),
('mfa', '0001_initial', CURRENT_TIMESTAMP),
('mfa', '0002_authenticator_timestamps', CURRENT_TIMESTAMP),
('mfa', '0003_authenticator_type_uniq', CURRENT_TIMESTAMP),
('people', '0002_own_factor', CURRENT_TIMESTAMP),
('people', '0003_portal_changes', CURRENT_TIMESTAMP),
('people', '0004_changes_side_by_side', CURRENT_TIMESTAMP),
('people', '0005_plain_names', CURRENT_TIMESTAMP),
('people', '0006_the_mail_server_takes_two', CURRENT_TIMESTAMP),
('people', '0007_settings_of_the_installation_take_two', CURRENT_TIMESTAMP),
('people', '0008_keys_that_are_vouched_for', CURRENT_TIMESTAMP),
('people', '0009_a_peer_takes_two', CURRENT_TIMESTAMP),
('people', '0010_own_picture', CURRENT_TIMESTAMP),
('people', '0011_who_runs_it', CURRENT_TIMESTAMP),
('people', '0012_helplines', CURRENT_TIMESTAMP),
('people', '0013_mode_of_a_portal', CURRENT_TIMESTAMP),
('people', '0014_what_the_police_do', CURRENT_TIMESTAMP),
('people', '0015_recordings', CURRENT_TIMESTAMP),
('people', '0016_emergency_number_confirmed', CURRENT_TIMESTAMP),
('people', '0017_what_else_takes_two', CURRENT_TIMESTAMP),
('people', '0018_commercial_first', CURRENT_TIMESTAMP),
('people', '0019_handed_over', CURRENT_TIMESTAMP),
('people', '0020_own_removal', CURRENT_TIMESTAMP),
('administration', '0001_initial', CURRENT_TIMESTAMP),
('administration', '0002_portal_hand_over', CURRENT_TIMESTAMP),
('administration', '0003_person_requests', CURRENT_TIMESTAMP),
('audit', '0001_initial', CURRENT_TIMESTAMP),
('audit', '0002_append_only', CURRENT_TIMESTAMP),
('audit', '0003_tree', CURRENT_TIMESTAMP),
('contenttypes', '0001_initial', CURRENT_TIMESTAMP),
('contenttypes', '0002_remove_content_type_name', CURRENT_TIMESTAMP),
('auth', '0001_initial', CURRENT_TIMESTAMP),
('auth', '0002_alter_permission_name_max_length', CURRENT_TIMESTAMP),
('auth', '0003_alter_user_email_max_length', CURRENT_TIMESTAMP),
('auth', '0004_alter_user_username_opts', CURRENT_TIMESTAMP),
('auth', '0005_alter_user_last_login_null', CURRENT_TIMESTAMP),
('auth', '0006_require_contenttypes_0002', CURRENT_TIMESTAMP),
('auth', '0007_alter_validators_add_error_messages', CURRENT_TIMESTAMP),
('auth', '0008_alter_user_username_max_length', CURRENT_TIMESTAMP),
('auth', '0009_alter_user_last_name_max_length', CURRENT_TIMESTAMP),
('auth', '0010_alter_group_name_max_length', CURRENT_TIMESTAMP),
('auth', '0011_update_proxy_permissions', CURRENT_TIMESTAMP),
('auth', '0012_alter_user_first_name_max_length', CURRENT_TIMESTAMP),
('awareness', '0001_initial', CURRENT_TIMESTAMP),
('awareness', '0002_partner', CURRENT_TIMESTAMP),
('backup', '0001_initial', CURRENT_TIMESTAMP),
('backup', '0002_moved', CURRENT_TIMESTAMP),
('backup', '0003_waiting_since', CURRENT_TIMESTAMP),
('backup', '0004_newest_checkpoint', CURRENT_TIMESTAMP),
('backup', '0005_facts_of_the_log', CURRENT_TIMESTAMP),
('hosting', '0001_initial', CURRENT_TIMESTAMP),
('blocklist', '0001_initial', CURRENT_TIMESTAMP),
('blocklist', '0002_basis', CURRENT_TIMESTAMP),
('blocklist', '0003_plain_names', CURRENT_TIMESTAMP),
('blocklist', '0004_sealed_words', CURRENT_TIMESTAMP),
('blocklist', '0005_sealed_endings', CURRENT_TIMESTAMP),
('capacity', '0001_initial', CURRENT_TIMESTAMP),
('capacity', '0002_certificates', CURRENT_TIMESTAMP),
('capacity', '0003_care', CURRENT_TIMESTAMP),
('capacity', '0004_facilities', CURRENT_TIMESTAMP),
('capacity', '0005_revoked_list', CURRENT_TIMESTAMP),
('capacity', '0006_kept_and_cancelled', CURRENT_TIMESTAMP),
('intake', '0001_initial', CURRENT_TIMESTAMP),
('casework', '0001_initial', CURRENT_TIMESTAMP),
('casework', '0002_search', CURRENT_TIMESTAMP),
('casework', '0003_second_assessment', CURRENT_TIMESTAMP),
('casework', '0004_named_with', CURRENT_TIMESTAMP),
('casework', '0005_not_urgent_by', CURRENT_TIMESTAMP),
('casework', '0006_altered_files', CURRENT_TIMESTAMP),
('casework', '0007_marked_by', CURRENT_TIMESTAMP),
('casework', '0008_plain_names', CURRENT_TIMESTAMP),
('casework', '0009_merging', CURRENT_TIMESTAMP),
('casework', '0010_commercial_first', CURRENT_TIMESTAMP),
('casework', '0011_sealed_words', CURRENT_TIMESTAMP),
('casework', '0012_sealed_notes', CURRENT_TIMESTAMP),
('casework', '0013_sealed_comments', CURRENT_TIMESTAMP),
('casework', '0014_kept_sealed', CURRENT_TIMESTAMP),
('clocks', '0001_initial', CURRENT_TIMESTAMP),
('exchange', '0001_initial', CURRENT_TIMESTAMP),
('exchange', '0002_messages', CURRENT_TIMESTAMP),
('exchange', '0003_known_and_imported', CURRENT_TIMESTAMP),
('exchange', '0004_restored_peers', CURRENT_TIMESTAMP),
('exchange', '0005_every_restoring', CURRENT_TIMESTAMP),
('hashbank', '0001_initial', CURRENT_TIMESTAMP),
('hashbank', '0002_votes_and_memberships', CURRENT_TIMESTAMP),
('hashbank', '0003_clients', CURRENT_TIMESTAMP),
('hashbank', '0004_marks_windows_and_second_persons', CURRENT_TIMESTAMP),
('hashbank', '0005_live_sources', CURRENT_TIMESTAMP),
('hashbank', '0006_second_persons', CURRENT_TIMESTAMP),
('hashbank', '0007_second_persons_of_lists', CURRENT_TIMESTAMP),
('hashbank', '0008_own_picture', CURRENT_TIMESTAMP),
('hashbank', '0009_brakes', CURRENT_TIMESTAMP),
('hashbank', '0010_own_matches', CURRENT_TIMESTAMP),
('hosting', '0002_search', CURRENT_TIMESTAMP),
('hosting', '0003_variants', CURRENT_TIMESTAMP),
('hosting', '0004_plain_names', CURRENT_TIMESTAMP),
('hosting', '0005_windows', CURRENT_TIMESTAMP),
('hosting', '0006_names', CURRENT_TIMESTAMP),
('hosting', '0007_name_hops', CURRENT_TIMESTAMP),
('hosting', '0008_hop_of_each_pair', CURRENT_TIMESTAMP),
('hosting', '0009_sealed_access', CURRENT_TIMESTAMP),
('indicators', '0001_initial', CURRENT_TIMESTAMP),
('indicators', '0002_published', CURRENT_TIMESTAMP),
('indicators', '0003_own_words', CURRENT_TIMESTAMP),
('indicators', '0004_hosted_elsewhere', CURRENT_TIMESTAMP),
('indicators', '0005_changed_since', CURRENT_TIMESTAMP),
('indicators', '0006_victims_identified', CURRENT_TIMESTAMP),
('indicators', '0007_rounded', CURRENT_TIMESTAMP),
('installation', '0001_initial', CURRENT_TIMESTAMP),
('intake', '0002_plain_names', CURRENT_TIMESTAMP),
('intake', '0003_contacts_as_promised', CURRENT_TIMESTAMP),
('intake', '0004_own_picture', CURRENT_TIMESTAMP),
('intake', '0005_text_messages', CURRENT_TIMESTAMP),
('intake', '0006_unanswered_texts', CURRENT_TIMESTAMP),
('intake', '0007_handed_over', CURRENT_TIMESTAMP),
('intake', '0008_sealed_words', CURRENT_TIMESTAMP),
('jobs', '0001_initial', CURRENT_TIMESTAMP),
('jobs', '0002_clock_jumps', CURRENT_TIMESTAMP),
('jobs', '0003_left_at', CURRENT_TIMESTAMP),
('languages', '0001_initial', CURRENT_TIMESTAMP),
('laws', '0001_initial', CURRENT_TIMESTAMP),
('monitoring', '0001_initial', CURRENT_TIMESTAMP),
('national', '0001_initial', CURRENT_TIMESTAMP),
('notices', '0001_initial', CURRENT_TIMESTAMP),
('notices', '0002_channels_chosen', CURRENT_TIMESTAMP),
('notices', '0003_earlier_answers', CURRENT_TIMESTAMP),
('notices', '0004_entered_by_hand', CURRENT_TIMESTAMP),
('notices', '0005_told_by', CURRENT_TIMESTAMP),
('notices', '0006_plain_names', CURRENT_TIMESTAMP),
('notices', '0007_told_with_a_second_person', CURRENT_TIMESTAMP),
('notices', '0008_released_with_a_second_person', CURRENT_TIMESTAMP),
('notices', '0009_more_outcomes', CURRENT_TIMESTAMP),
('notices', '0010_documents_of_mail', CURRENT_TIMESTAMP),
('notices', '0011_when_a_text_was_worded', CURRENT_TIMESTAMP),
('notices', '0012_children_at_risk', CURRENT_TIMESTAMP),
('notices', '0013_payment_alerts', CURRENT_TIMESTAMP),
('notices', '0014_name_acts', CURRENT_TIMESTAMP),
('notices', '0015_alerts_in_own_words', CURRENT_TIMESTAMP),
('notices', '0016_name_wordings', CURRENT_TIMESTAMP),
('notices', '0017_open_alerts', CURRENT_TIMESTAMP),
('notices', '0018_verified_removals', CURRENT_TIMESTAMP),
('notices', '0019_letters_by_address', CURRENT_TIMESTAMP),
('notices', '0020_sent_since', CURRENT_TIMESTAMP),
('notices', '0021_rounds', CURRENT_TIMESTAMP),
('notices', '0022_holds_are_shared', CURRENT_TIMESTAMP),
('notices', '0023_put_back_at', CURRENT_TIMESTAMP),
('notices', '0024_when_it_was_decided', CURRENT_TIMESTAMP),
('notices', '0025_decided_with_the_last_answer', CURRENT_TIMESTAMP),
('notices', '0026_sealed_words', CURRENT_TIMESTAMP),
('notices', '0027_who_wrote_each_note', CURRENT_TIMESTAMP),
('notices', '0028_held_at_the_address', CURRENT_TIMESTAMP),
('notices', '0029_keys_of_addresses', CURRENT_TIMESTAMP),
('notices', '0030_what_was_put_back', CURRENT_TIMESTAMP),
('oncall', '0001_initial', CURRENT_TIMESTAMP),
('oncall', '0002_serials_told', CURRENT_TIMESTAMP),
('oncall', '0003_rota', CURRENT_TIMESTAMP),
('oncall', '0004_sealed_notes', CURRENT_TIMESTAMP),
('outputs', '0001_initial', CURRENT_TIMESTAMP),
('outputs', '0002_fiu_profile', CURRENT_TIMESTAMP),
('payments', '0001_initial', CURRENT_TIMESTAMP),
('payments', '0002_counted', CURRENT_TIMESTAMP),
('payments', '0003_of_kind', CURRENT_TIMESTAMP),
('providers', '0001_initial', CURRENT_TIMESTAMP),
('providers', '0002_heard_and_reminded', CURRENT_TIMESTAMP),
('providers', '0003_turns', CURRENT_TIMESTAMP),
('publishing', '0001_initial', CURRENT_TIMESTAMP),
('publishing', '0002_plain_names', CURRENT_TIMESTAMP),
('quality', '0001_initial', CURRENT_TIMESTAMP),
('quality', '0002_plain_names', CURRENT_TIMESTAMP),
('quality', '0003_sealed_reasons', CURRENT_TIMESTAMP),
('sealing', '0001_initial', CURRENT_TIMESTAMP),
('sessions', '0001_initial', CURRENT_TIMESTAMP),
('site', '0001_initial', CURRENT_TIMESTAMP),
('site', '0002_outside', CURRENT_TIMESTAMP),
('site', '0003_alarm_of_each', CURRENT_TIMESTAMP),
('site', '0004_words_of_what', CURRENT_TIMESTAMP),
('spool', '0001_initial', CURRENT_TIMESTAMP),
('spool', '0002_kept_back', CURRENT_TIMESTAMP),
('spool', '0003_emptied', CURRENT_TIMESTAMP),
('tips', '0001_initial', CURRENT_TIMESTAMP),
('web_security', '0001_initial', CURRENT_TIMESTAMP),
('witnessing', '0001_initial', CURRENT_TIMESTAMP),
('witnessing', '0002_by_chain', CURRENT_TIMESTAMP),
('witnessing', '0003_restored_logs', CURRENT_TIMESTAMP)
