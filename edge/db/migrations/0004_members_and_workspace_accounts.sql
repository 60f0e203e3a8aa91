CREATE TABLE `invitations` (
	`id` text PRIMARY KEY NOT NULL,
	`workspace` text NOT NULL,
	`email` text NOT NULL,
	`role` text NOT NULL,
	`hash` text NOT NULL,
	`invited_by` text NOT NULL,
	`expires_at` integer NOT NULL,
	`created_at` integer NOT NULL,
	`accepted_at` integer,
	FOREIGN KEY (`workspace`) REFERENCES `workspaces`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `invitations_hash` ON `invitations` (`hash`);--> statement-breakpoint
CREATE INDEX `invitations_workspace` ON `invitations` (`workspace`,`created_at`);--> statement-breakpoint
CREATE TABLE `member_attempts` (
	`state_hash` text PRIMARY KEY NOT NULL,
	`browser_hash` text NOT NULL,
	`workspace` text NOT NULL,
	`provider` text NOT NULL,
	`nonce` text NOT NULL,
	`verifier` text NOT NULL,
	`expires_at` integer NOT NULL,
	FOREIGN KEY (`workspace`) REFERENCES `workspaces`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`provider`) REFERENCES `sign_in_providers`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `member_attempts_expires` ON `member_attempts` (`expires_at`);--> statement-breakpoint
CREATE TABLE `member_flow_roles` (
	`workspace` text NOT NULL,
	`member` text NOT NULL,
	`flow` text NOT NULL,
	`role` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`workspace`, `member`, `flow`),
	FOREIGN KEY (`workspace`) REFERENCES `workspaces`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`member`) REFERENCES `members`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`flow`) REFERENCES `flows`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `member_flow_roles_flow` ON `member_flow_roles` (`flow`);--> statement-breakpoint
CREATE TABLE `member_identities` (
	`workspace` text NOT NULL,
	`provider` text NOT NULL,
	`subject` text NOT NULL,
	`member` text NOT NULL,
	PRIMARY KEY(`workspace`, `provider`, `subject`),
	FOREIGN KEY (`workspace`) REFERENCES `workspaces`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`provider`) REFERENCES `sign_in_providers`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`member`) REFERENCES `members`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `member_identities_member` ON `member_identities` (`member`);--> statement-breakpoint
CREATE TABLE `sign_in_providers` (
	`id` text PRIMARY KEY NOT NULL,
	`workspace` text NOT NULL,
	`label` text NOT NULL,
	`issuer` text NOT NULL,
	`client_id` text NOT NULL,
	`sealed` text,
	`domains` text NOT NULL,
	`role` text,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`workspace`) REFERENCES `workspaces`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `sign_in_providers_workspace` ON `sign_in_providers` (`workspace`,`created_at`);--> statement-breakpoint
CREATE TABLE `__new_attempts` (
	`id` text PRIMARY KEY NOT NULL,
	`workspace` text NOT NULL,
	`user` text,
	`key` text,
	`label` text,
	`member` text,
	`app` text NOT NULL,
	`auth` text NOT NULL,
	`account` text,
	`state_hash` text,
	`browser_hash` text,
	`verifier` text,
	`fields` text,
	`status` text NOT NULL,
	`reason` text,
	`message` text,
	`existed` integer,
	`expires_at` integer NOT NULL,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`workspace`) REFERENCES `workspaces`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`user`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
INSERT INTO `__new_attempts`("id", "workspace", "user", "app", "auth", "account", "state_hash", "browser_hash", "verifier", "fields", "status", "reason", "message", "existed", "expires_at", "created_at") SELECT "id", "workspace", "user", "app", "auth", "account", "state_hash", "browser_hash", "verifier", "fields", "status", "reason", "message", "existed", "expires_at", "created_at" FROM `attempts`;--> statement-breakpoint
DROP TABLE `attempts`;--> statement-breakpoint
ALTER TABLE `__new_attempts` RENAME TO `attempts`;--> statement-breakpoint
CREATE UNIQUE INDEX `attempts_state` ON `attempts` (`state_hash`);--> statement-breakpoint
CREATE INDEX `attempts_expires` ON `attempts` (`expires_at`);--> statement-breakpoint
ALTER TABLE `accounts` ADD `key` text;--> statement-breakpoint
CREATE UNIQUE INDEX `accounts_key` ON `accounts` (`workspace`,`app`,`key`);--> statement-breakpoint
CREATE UNIQUE INDEX `accounts_of_workspace` ON `accounts` (`workspace`,`app`,`external_id`) WHERE "accounts"."user" is null;--> statement-breakpoint
ALTER TABLE `member_sessions` ADD `id` text;--> statement-breakpoint
ALTER TABLE `member_sessions` ADD `browser` text;--> statement-breakpoint
ALTER TABLE `member_sessions` ADD `by` text;--> statement-breakpoint
ALTER TABLE `member_sessions` ADD `agent` text;--> statement-breakpoint
ALTER TABLE `member_sessions` ADD `seen_at` integer;--> statement-breakpoint
CREATE UNIQUE INDEX `member_sessions_id` ON `member_sessions` (`id`);--> statement-breakpoint
CREATE INDEX `member_sessions_browser` ON `member_sessions` (`browser`);