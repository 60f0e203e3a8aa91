ALTER TABLE `api_tokens` ADD `member` text REFERENCES members(id) ON DELETE cascade;--> statement-breakpoint
CREATE INDEX `api_tokens_member` ON `api_tokens` (`member`);