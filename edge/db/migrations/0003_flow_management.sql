CREATE TABLE `folders` (
	`id` text PRIMARY KEY NOT NULL,
	`workspace` text NOT NULL,
	`name` text NOT NULL,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`workspace`) REFERENCES `workspaces`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `folders_name` ON `folders` (`workspace`,`name`);--> statement-breakpoint
CREATE TABLE `homes` (
	`workspace` text NOT NULL,
	`member` text NOT NULL,
	`view` text NOT NULL,
	`order` text NOT NULL,
	`pins` text NOT NULL,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`workspace`, `member`),
	FOREIGN KEY (`workspace`) REFERENCES `workspaces`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE TABLE `templates` (
	`workspace` text NOT NULL,
	`key` text NOT NULL,
	`name` text NOT NULL,
	`description` text NOT NULL,
	`category` text,
	`apps` text NOT NULL,
	`source` text NOT NULL,
	`author` text,
	`updated_at` integer NOT NULL,
	PRIMARY KEY(`workspace`, `key`),
	FOREIGN KEY (`workspace`) REFERENCES `workspaces`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
ALTER TABLE `flow_versions` ADD `labels` text DEFAULT '[]' NOT NULL;--> statement-breakpoint
ALTER TABLE `flow_versions` ADD `author` text;--> statement-breakpoint
ALTER TABLE `flows` ADD `labels` text DEFAULT '[]' NOT NULL;--> statement-breakpoint
ALTER TABLE `flows` ADD `apps` text DEFAULT '[]' NOT NULL;--> statement-breakpoint
ALTER TABLE `flows` ADD `folder` text;--> statement-breakpoint
ALTER TABLE `flows` ADD `revision` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `flows` ADD `forked_from` text;--> statement-breakpoint
ALTER TABLE `flows` ADD `deleted_at` integer;--> statement-breakpoint
ALTER TABLE `flows` ADD `deleted_published` integer;--> statement-breakpoint
CREATE INDEX `flows_deleted` ON `flows` (`deleted_at`);--> statement-breakpoint
ALTER TABLE `integrations` ADD `parked` integer DEFAULT false NOT NULL;--> statement-breakpoint
CREATE INDEX `integrations_version` ON `integrations` (`workspace`,`flow`,`version`,`id`);--> statement-breakpoint
CREATE INDEX `integrations_newest` ON `integrations` (`workspace`,`created_at`,`id`);--> statement-breakpoint
UPDATE `flow_versions` SET `labels` = coalesce(json_extract(`file`, '$.labels'), '[]');--> statement-breakpoint
UPDATE `flows` SET
	`labels` = coalesce((SELECT v.`labels` FROM `flow_versions` v WHERE v.`workspace` = `flows`.`workspace` AND v.`flow` = `flows`.`id` AND v.`number` = `flows`.`published`), '[]'),
	`apps` = coalesce((SELECT json_group_array(DISTINCT json_extract(slot.value, '$.app')) FROM `flow_versions` v, json_each(v.`file`, '$.accounts') slot WHERE v.`workspace` = `flows`.`workspace` AND v.`flow` = `flows`.`id` AND v.`number` = `flows`.`published`), '[]');
