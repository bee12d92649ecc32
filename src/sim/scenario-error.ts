/** A fault, a scenario or another wish for a plan that makes no sense; the message is one line for people. */
export class ScenarioError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ScenarioError';
  }
}
