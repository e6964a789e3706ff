// Checks messages with the npm package `standardwebhooks`: lines of JSON {secret, headers, body} in, "yes" or why not out.
import { createInterface } from "node:readline";
import { Webhook } from "standardwebhooks";

for await (const line of createInterface({ input: process.stdin })) {
  const { secret, headers, body } = JSON.parse(line);
  try {
    new Webhook(secret).verify(body, headers);
    console.log("yes");
  } catch (error) {
    console.log(error.message);
  }
}
