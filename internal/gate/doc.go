// Package gate decides who may come in, and how many of them at once.
//
// Anybody on the network can open connections, send half a request, and never read an answer.
// So connections, requests under way and open subscriptions are counted by the client's
// address, and each part of an answer must be read within a time. Behind a proxy all clients
// would have one address, so trusted proxies say whose request they pass on. Nobody else is
// believed.
package gate
