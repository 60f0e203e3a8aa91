CREATE TABLE `app_samples` (
	`workspace` text NOT NULL,
	`app` text NOT NULL,
	`kind` text NOT NULL,
	`operation` text NOT NULL,
	`input` text NOT NULL,
	`output` text NOT NULL,
	`author` text,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`workspace`, `app`, `kind`, `operation`),
	FOREIGN KEY (`workspace`) REFERENCES `workspaces`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `flow_attachments` (
	`id` text PRIMARY KEY NOT NULL,
	`workspace` text NOT NULL,
	`flow` text NOT NULL,
	`name` text NOT NULL,
	`type` text NOT NULL,
	`size` integer NOT NULL,
	`author` text,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`workspace`) REFERENCES `workspaces`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`flow`) REFERENCES `flows`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `flow_attachments_flow` ON `flow_attachments` (`workspace`,`flow`,`created_at`);--> statement-breakpoint
CREATE TABLE `setup_links` (
	`id` text PRIMARY KEY NOT NULL,
	`workspace` text NOT NULL,
	`user` text NOT NULL,
	`flow` text NOT NULL,
	`hash` text NOT NULL,
	`author` text NOT NULL,
	`integration` text,
	`expires_at` integer NOT NULL,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`workspace`) REFERENCES `workspaces`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`user`) REFERENCES `users`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`flow`) REFERENCES `flows`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `setup_links_hash` ON `setup_links` (`hash`);--> statement-breakpoint
CREATE INDEX `setup_links_flow` ON `setup_links` (`workspace`,`flow`,`created_at`);