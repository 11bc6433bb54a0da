// Shows GraphiQL, signed in as a made-up person where the server gives their tokens.
const graphql = new URL('graphql', location.href)
const sockets = new URL(graphql)
sockets.protocol = graphql.protocol.replace('http', 'ws')

const show = token => ReactDOM.createRoot(document.getElementById('graphiql')).render(React.createElement(GraphiQL, {
  fetcher: GraphiQL.createFetcher({ url: graphql.href, subscriptionUrl: sockets.href }),
  defaultHeaders: token ? JSON.stringify({ Authorization: `Bearer ${token}` }) : undefined,
  defaultQuery: '{\n  viewer { person { displayName homeArea { name } } }\n  groups(first: 5) { edges { node { id name kind } } }\n}\n',
}))

fetch('dev/tokens/resident-1').then(answer => answer.ok ? answer.text() : '').then(text => show(text.trim()), () => show(''))
