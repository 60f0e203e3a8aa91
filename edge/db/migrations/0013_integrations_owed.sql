ALTER TABLE `integrations` ADD `revision` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `integrations` ADD `owed` text DEFAULT '[]' NOT NULL;--> statement-breakpoint
ALTER TABLE `integrations` ADD `owed_at` integer;--> statement-breakpoint
ALTER TABLE `integrations` ADD `removing` integer DEFAULT false NOT NULL;--> statement-breakpoint
CREATE INDEX `integrations_owed` ON `integrations` (`owed_at`,`id`) WHERE "integrations"."owed_at" is not null;