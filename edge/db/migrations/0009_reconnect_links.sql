CREATE TABLE `reconnect_links` (
	`id` text PRIMARY KEY NOT NULL,
	`workspace` text NOT NULL,
	`account` text NOT NULL,
	`hash` text NOT NULL,
	`author` text NOT NULL,
	`used_at` integer,
	`expires_at` integer NOT NULL,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`workspace`) REFERENCES `workspaces`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`account`) REFERENCES `accounts`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `reconnect_links_hash` ON `reconnect_links` (`hash`);--> statement-breakpoint
CREATE INDEX `reconnect_links_account` ON `reconnect_links` (`workspace`,`account`);