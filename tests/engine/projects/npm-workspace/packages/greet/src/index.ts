import ms from "ms";

export const greeting = (name: string): string => `Hello from ${name}! A day has ${ms("1d")} milliseconds.`;
