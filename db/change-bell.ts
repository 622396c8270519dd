import type { ChangeTicket } from "../schema/archive.ts";

/** Wakes those who follow all interactions. A ring carries no data: whoever wakes reads from its own cursor. */
export type ChangeBell = { take(): ChangeTicket; ring(): void };

export function createChangeBell(): ChangeBell {
  const tickets = new Set<ChangeTicket>();
  return {
    take() {
      const { promise, resolve } = Promise.withResolvers<void>();
      const ticket: ChangeTicket = {
        rung: promise,
        giveBack() {
          tickets.delete(ticket);
          resolve();
        },
      };
      tickets.add(ticket);
      return ticket;
    },
    ring() {
      for (const ticket of tickets) ticket.giveBack();
    },
  };
}
