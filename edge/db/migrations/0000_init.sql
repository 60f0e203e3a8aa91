CREATE TABLE `accounts` (
	`id` text PRIMARY KEY NOT NULL,
	`workspace` text NOT NULL,
	`user` text,
	`app` text NOT NULL,
	`auth` text NOT NULL,
	`label` text NOT NULL,
	`external_id` text,
	`owner` text NOT NULL,
	`status` text NOT NULL,
	`scopes` text DEFAULT '[]' NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	`last_used_at` integer,
	FOREIGN KEY (`workspace`) REFERENCES `workspaces`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`user`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `accounts_user` ON `accounts` (`workspace`,`user`,`app`,`created_at`);--> statement-breakpoint
CREATE UNIQUE INDEX `accounts_external` ON `accounts` (`workspace`,`user`,`app`,`external_id`);--> statement-breakpoint
CREATE TABLE `api_tokens` (
	`id` text PRIMARY KEY NOT NULL,
	`workspace` text NOT NULL,
	`name` text NOT NULL,
	`hash` text NOT NULL,
	`scopes` text NOT NULL,
	`expires_at` integer,
	`last_used_at` integer,
	`created_at` integer NOT NULL,
	`revoked_at` integer,
	FOREIGN KEY (`workspace`) REFERENCES `workspaces`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `api_tokens_hash` ON `api_tokens` (`hash`);--> statement-breakpoint
CREATE INDEX `api_tokens_workspace` ON `api_tokens` (`workspace`,`created_at`);--> statement-breakpoint
CREATE TABLE `apps` (
	`workspace` text NOT NULL,
	`key` text NOT NULL,
	`id` text NOT NULL,
	`version` integer NOT NULL,
	`source` text NOT NULL,
	`file` text NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`workspace`, `key`),
	FOREIGN KEY (`workspace`) REFERENCES `workspaces`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `attempts` (
	`id` text PRIMARY KEY NOT NULL,
	`workspace` text NOT NULL,
	`user` text NOT NULL,
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
CREATE UNIQUE INDEX `attempts_state` ON `attempts` (`state_hash`);--> statement-breakpoint
CREATE INDEX `attempts_expires` ON `attempts` (`expires_at`);--> statement-breakpoint
CREATE TABLE `drafts` (
	`workspace` text NOT NULL,
	`user` text NOT NULL,
	`flow` text NOT NULL,
	`integration` text DEFAULT '' NOT NULL,
	`body` text NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`workspace`, `user`, `flow`, `integration`),
	FOREIGN KEY (`workspace`) REFERENCES `workspaces`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`user`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `event_subscriptions` (
	`workspace` text NOT NULL,
	`type` text NOT NULL,
	`integration` text NOT NULL,
	`block` text NOT NULL,
	`user` text NOT NULL,
	`org` text,
	PRIMARY KEY(`workspace`, `type`, `integration`, `block`),
	FOREIGN KEY (`workspace`) REFERENCES `workspaces`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`integration`) REFERENCES `integrations`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `event_subscriptions_integration` ON `event_subscriptions` (`integration`);--> statement-breakpoint
CREATE TABLE `flow_versions` (
	`id` text PRIMARY KEY NOT NULL,
	`workspace` text NOT NULL,
	`flow` text NOT NULL,
	`number` integer NOT NULL,
	`source` text NOT NULL,
	`file` text NOT NULL,
	`note` text,
	`available` integer DEFAULT true NOT NULL,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`workspace`) REFERENCES `workspaces`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`flow`) REFERENCES `flows`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `flow_versions_number` ON `flow_versions` (`workspace`,`flow`,`number`);--> statement-breakpoint
CREATE TABLE `flows` (
	`id` text PRIMARY KEY NOT NULL,
	`workspace` text NOT NULL,
	`key` text NOT NULL,
	`draft` text,
	`published` integer,
	`name` text NOT NULL,
	`description` text DEFAULT '' NOT NULL,
	`icon` text,
	`category` text,
	`tags` text DEFAULT '[]' NOT NULL,
	`audience` text DEFAULT 'everyone' NOT NULL,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`workspace`) REFERENCES `workspaces`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `flows_key` ON `flows` (`workspace`,`key`);--> statement-breakpoint
CREATE INDEX `flows_name` ON `flows` (`workspace`,`name`,`key`);--> statement-breakpoint
CREATE TABLE `icons` (
	`workspace` text NOT NULL,
	`path` text NOT NULL,
	`type` text NOT NULL,
	`body` text NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`workspace`, `path`),
	FOREIGN KEY (`workspace`) REFERENCES `workspaces`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `idempotency` (
	`workspace` text NOT NULL,
	`actor` text NOT NULL,
	`key` text NOT NULL,
	`request_hash` text NOT NULL,
	`status` integer,
	`body` text,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`workspace`, `actor`, `key`),
	FOREIGN KEY (`workspace`) REFERENCES `workspaces`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `idempotency_created` ON `idempotency` (`created_at`);--> statement-breakpoint
CREATE TABLE `integration_accounts` (
	`integration` text NOT NULL,
	`account` text NOT NULL,
	`slot` text NOT NULL,
	`workspace` text NOT NULL,
	PRIMARY KEY(`integration`, `slot`),
	FOREIGN KEY (`integration`) REFERENCES `integrations`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`workspace`) REFERENCES `workspaces`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `integration_accounts_account` ON `integration_accounts` (`workspace`,`account`);--> statement-breakpoint
CREATE TABLE `integrations` (
	`id` text PRIMARY KEY NOT NULL,
	`workspace` text NOT NULL,
	`user` text NOT NULL,
	`flow` text NOT NULL,
	`version` integer NOT NULL,
	`name` text NOT NULL,
	`enabled` integer NOT NULL,
	`attention` text DEFAULT '[]' NOT NULL,
	`accounts` text DEFAULT '{}' NOT NULL,
	`values` text DEFAULT '{}' NOT NULL,
	`secret_fields` text DEFAULT '[]' NOT NULL,
	`next_due` integer,
	`created_at` integer NOT NULL,
	`updated_at` integer NOT NULL,
	FOREIGN KEY (`workspace`) REFERENCES `workspaces`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`user`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`flow`) REFERENCES `flows`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `integrations_user` ON `integrations` (`workspace`,`user`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `integrations_flow` ON `integrations` (`workspace`,`flow`,`user`);--> statement-breakpoint
CREATE INDEX `integrations_due` ON `integrations` (`enabled`,`next_due`,`id`);--> statement-breakpoint
CREATE TABLE `member_sessions` (
	`hash` text PRIMARY KEY NOT NULL,
	`member` text NOT NULL,
	`workspace` text NOT NULL,
	`expires_at` integer NOT NULL,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`member`) REFERENCES `members`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`workspace`) REFERENCES `workspaces`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `member_sessions_member` ON `member_sessions` (`workspace`,`member`);--> statement-breakpoint
CREATE TABLE `members` (
	`id` text PRIMARY KEY NOT NULL,
	`workspace` text NOT NULL,
	`email` text NOT NULL,
	`name` text NOT NULL,
	`role` text NOT NULL,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`workspace`) REFERENCES `workspaces`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `members_email` ON `members` (`workspace`,`email`);--> statement-breakpoint
CREATE INDEX `members_by_email` ON `members` (`email`);--> statement-breakpoint
CREATE TABLE `secrets` (
	`workspace` text NOT NULL,
	`name` text NOT NULL,
	`sealed` text NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`workspace`, `name`),
	FOREIGN KEY (`workspace`) REFERENCES `workspaces`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `sign_in_links` (
	`hash` text PRIMARY KEY NOT NULL,
	`member` text NOT NULL,
	`workspace` text NOT NULL,
	`expires_at` integer NOT NULL,
	`used_at` integer,
	FOREIGN KEY (`member`) REFERENCES `members`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`workspace`) REFERENCES `workspaces`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `signing_keys` (
	`workspace` text NOT NULL,
	`kid` text NOT NULL,
	`alg` text NOT NULL,
	`public_jwk` text NOT NULL,
	`created_at` integer NOT NULL,
	`revoked_at` integer,
	PRIMARY KEY(`workspace`, `kid`),
	FOREIGN KEY (`workspace`) REFERENCES `workspaces`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `users` (
	`id` text PRIMARY KEY NOT NULL,
	`workspace` text NOT NULL,
	`external_id` text NOT NULL,
	`org` text,
	`name` text,
	`email` text,
	`locale` text,
	`attributes` text DEFAULT '{}' NOT NULL,
	`created_at` integer NOT NULL,
	`seen_at` integer NOT NULL,
	FOREIGN KEY (`workspace`) REFERENCES `workspaces`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `users_external` ON `users` (`workspace`,`external_id`);--> statement-breakpoint
CREATE INDEX `users_org` ON `users` (`workspace`,`org`);--> statement-breakpoint
CREATE TABLE `variables` (
	`workspace` text NOT NULL,
	`name` text NOT NULL,
	`value` text NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`workspace`, `name`),
	FOREIGN KEY (`workspace`) REFERENCES `workspaces`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `workspaces` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`dek` text NOT NULL,
	`created_at` integer NOT NULL
);
