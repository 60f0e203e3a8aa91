ALTER TABLE `api_tokens` ADD `role` text;--> statement-breakpoint
ALTER TABLE `sign_in_providers` ADD `set_by` text;