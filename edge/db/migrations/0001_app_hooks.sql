CREATE TABLE `app_hooks` (
	`workspace` text NOT NULL,
	`app` text NOT NULL,
	`key` text NOT NULL,
	`sealed` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`workspace`, `app`),
	FOREIGN KEY (`workspace`) REFERENCES `workspaces`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `app_hooks_key` ON `app_hooks` (`key`);--> statement-breakpoint
CREATE INDEX `accounts_app` ON `accounts` (`workspace`,`app`,`external_id`);