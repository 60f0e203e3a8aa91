ALTER TABLE `integrations` ADD `profile` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `users` ADD `revision` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `users` ADD `said_at` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `users` ADD `tell_at` integer;--> statement-breakpoint
CREATE INDEX `users_untold` ON `users` (`tell_at`,`id`) WHERE "users"."tell_at" is not null;--> statement-breakpoint
UPDATE `users` SET `revision` = 1, `tell_at` = 0 WHERE EXISTS (SELECT 1 FROM `integrations` WHERE `integrations`.`workspace` = `users`.`workspace` AND `integrations`.`user` = `users`.`id`);
