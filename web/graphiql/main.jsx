import { GraphiQL } from 'graphiql';
import { createRoot } from 'react-dom/client';
import './style.css';

// Addresses are relative, so that the page also works below a proxy's path.
const address = (name) => new URL(name, document.baseURI).href;

// Shown when the server has no example of its own.
const note = `# entangle answers which institutions a purge of an armed group would fracture.
#
# Write a query here and run it with Ctrl-Enter. Ctrl-Space completes names;
# the book on the left explains every type and field of the schema.
{
  __typename
}
`;

async function execute({ query, variables, operationName }, { headers } = {}) {
  // GraphiQL learns a moment late that the operation has been given another name.
  if (operationName && !query.includes(operationName)) operationName = undefined;
  const response = await fetch(address('graphql'), {
    method: 'POST',
    headers: {
      ...headers,
      'Content-Type': 'application/json',
      Accept: 'application/graphql-response+json, application/json',
    },
    body: JSON.stringify({ query, variables, operationName }),
    credentials: 'same-origin',
  });
  return response.json();
}

async function example() {
  try {
    const response = await fetch(address('example.graphql'));
    return (response.ok && (await response.text())) || note;
  } catch {
    return note;
  }
}

const defaultQuery = await example();
createRoot(document.getElementById('page')).render(
  <GraphiQL fetcher={execute} defaultQuery={defaultQuery} defaultEditorToolsVisibility="variables" shouldPersistHeaders={false} />,
);
