// Package fcmsim stands in for Firebase Cloud Messaging on a machine without
// credentials.
//
// It speaks the HTTP v1 protocol (POST /v1/projects/{project}/messages:send) so well that the real
// SDK cannot tell the difference: it refuses what FCM refuses, answers in FCM's words, and keeps a log
// of the pushes that each phone got. Tests script its answers, including connections that break before
// or after the push was delivered. A push is in the log if, and only if, the phone's system or its app got it.
//
// It is stricter than FCM where a slip would go unnoticed: options that no phone knows, buttons of which the data does
// not say what they do, and data that the app could not read are refused as well.
package fcmsim
