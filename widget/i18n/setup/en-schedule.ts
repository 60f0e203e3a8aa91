import type { Message } from "../i18n.ts";

/** English for the schedule picker alone; the sentences that also a flow's page says are in `setupEn`. */
export const scheduleEn = {
  "field.schedule.minutes": "Every few minutes",
  "field.schedule.hourly": "Every hour",
  "field.schedule.daily": "Every day",
  "field.schedule.weekdays": "Every weekday",
  "field.schedule.weekly": "On certain days",
  "field.schedule.monthly": "Every month",
  "field.schedule.custom": "Cron expression",
  "field.schedule.every": "How often",
  "field.schedule.minute": "Minute of the hour",
  "field.schedule.minutesOf": { one: "{count} minute", other: "{count} minutes" },
  "field.schedule.day": "Day of the month",
  "field.schedule.days": "Days of the week",
  "field.schedule.time": "Time of day",
  "field.schedule.cron": "Cron expression",
  "field.schedule.inZone": "{sentence}, {zone} time",
  "field.schedule.next": "Next: {times}",
} as const satisfies Record<string, Message>;
