package gqlhttp

import (
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
)

const testSDL = `
directive @holds(atMost: Int!) on FIELD_DEFINITION
type Query {
  viewer: Person
  person(id: ID!): Person
  nodes(ids: [ID!]!): [Node]
  groups(first: Int, after: String, filter: GroupFilter): GroupConnection!
  search(text: String!, first: Int = 5): [Found!]!
  echo(text: String): String
  limited(first: Int! = 5, in: LimitInput): String
  boom: String
  panic: String
  slow: String
}
type Mutation { rename(input: RenameInput!): Person }
type Subscription { ticks(first: Int! = 5): String }
input LimitInput { kind: Kind! = OPEN }
input GroupFilter { area: ID, tags: [String!], and: [GroupFilter!], kind: Kind }
input RenameInput { name: String!, tags: [String!] }
enum Kind { OPEN CLOSED }
interface Node { id: ID! }
union Found = Person | Group
type Person implements Node { id: ID! name: String! friend: Person friends: [Person!]! dates: [Person!]! @holds(atMost: 50) groups(first: Int): GroupConnection! tags: [String!]! }
type Group implements Node { id: ID! name: String! members(first: Int): PersonConnection! owner: Person events: [Event!]! }
type Event implements Node { id: ID! title: String! group: Group! attendees(first: Int): PersonConnection! }
type GroupConnection { edges: [GroupEdge!]! nodes: [Group!]! pageInfo: PageInfo! totalCount: Int! }
type GroupEdge { cursor: String! node: Group! }
type PersonConnection { edges: [PersonEdge!]! nodes: [Person!]! pageInfo: PageInfo! totalCount: Int! }
type PersonEdge { cursor: String! node: Person! }
type PageInfo { hasNextPage: Boolean! endCursor: String }
`

var testSchema = gqlparser.MustLoadSchema(&ast.Source{Name: "test.graphqls", Input: testSDL})
