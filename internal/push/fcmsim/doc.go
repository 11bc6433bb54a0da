// Package fcmsim stands in for Firebase Cloud Messaging on a machine without
// credentials.
//
// It speaks the HTTP v1 protocol (POST /v1/projects/{project}/messages:send) so well that the real
// SDK cannot tell the difference: it refuses what FCM refuses, answers in FCM's words, and keeps a log
// of the pushes that each phone got. Tests script its answers, including connections that break before
// or after the push was delivered. A push is in the log if, and only if, a phone would have shown it.
package fcmsim
