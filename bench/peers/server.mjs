// What most Shopify apps do: Shopify's Express package verifies the webhook, the handler writes one row, then 200.
// Two processes, as Suki's web has two workers.

import cluster from "node:cluster";

import { ApiVersion, DeliveryMethod, LogSeverity } from "@shopify/shopify-api";
import { shopifyApp } from "@shopify/shopify-app-express";
import express from "express";
import pg from "pg";

const PROCESSES = Number(process.env.PEER_PROCESSES ?? 2);
const CONNECTIONS_A_PROCESS = Number(process.env.PEER_CONNECTIONS ?? 16);
const PORT = Number(process.env.PORT ?? 9690);
const TOPICS = ["orders/create", "orders/paid", "orders/updated", "refunds/create"];

// Shopify's package names topics as in GraphQL.
const inGraphql = (topic) => topic.toUpperCase().replace("/", "_");
const TOPIC_NAMES = Object.fromEntries(TOPICS.map((topic) => [inGraphql(topic), topic]));

const INSERT = `
  INSERT INTO deliveries (shop_id, webhook_id, topic, api_version, triggered_at, body)
  SELECT id, $2, $3, $4, now(), $5 FROM shops WHERE domain = $1 AND state = 'installed'
  ON CONFLICT (shop_id, webhook_id) DO NOTHING`;

function serve() {
  const database = new pg.Pool({
    connectionString: process.env.DATABASE_URL,
    max: CONNECTIONS_A_PROCESS,
    options: "-c suki.scope=intake", // what row-level security lets Suki's own intake do
  });

  async function store(topic, shop, body, webhookId, apiVersion) {
    const values = [shop, webhookId, TOPIC_NAMES[topic], apiVersion, Buffer.from(body)];
    await database.query({ name: "store", text: INSERT, values });
  }

  const shopify = shopifyApp({
    api: {
      apiKey: process.env.SHOPIFY_API_KEY ?? "key",
      apiSecretKey: process.env.SHOPIFY_API_SECRET,
      apiVersion: Object.values(ApiVersion).at(-1),
      scopes: ["read_orders"],
      hostScheme: "http",
      hostName: `127.0.0.1:${PORT}`,
      isEmbeddedApp: true,
      logger: { level: LogSeverity.Error },
    },
    auth: { path: "/auth", callbackPath: "/auth/callback" },
    webhooks: { path: "/webhooks" },
  });

  const handler = { deliveryMethod: DeliveryMethod.Http, callbackUrl: "/webhooks", callback: store };
  const webhookHandlers = Object.fromEntries(Object.keys(TOPIC_NAMES).map((name) => [name, handler]));

  const app = express();
  app.disable("x-powered-by");
  app.get("/healthz", (_, answer) => answer.send("ok"));
  app.post("/webhooks", shopify.processWebhooks({ webhookHandlers }));
  app.listen(PORT, "127.0.0.1");
}

if (cluster.isPrimary) {
  for (let started = 0; started < PROCESSES; started += 1) cluster.fork();
  for (const signal of ["SIGINT", "SIGTERM"]) {
    process.on(signal, () => {
      for (const worker of Object.values(cluster.workers)) worker.process.kill();
      process.exit(0);
    });
  }
} else {
  serve();
}
