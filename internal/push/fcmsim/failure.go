package fcmsim

import (
	"encoding/json"
	"fmt"
	"net/http"
)

// failure is the body of every refusal: Google's error model.
type failure struct {
	Error failureBody `json:"error"`
}

type failureBody struct {
	Code    int      `json:"code"`
	Message string   `json:"message"`
	Status  string   `json:"status"`
	Details []detail `json:"details,omitempty"`
}

type detail struct {
	Type            string      `json:"@type"`
	ErrorCode       string      `json:"errorCode,omitempty"`
	FieldViolations []violation `json:"fieldViolations,omitempty"`
	StatusCode      int         `json:"statusCode,omitempty"` // Apple's
	Reason          string      `json:"reason,omitempty"`     // Apple's
}

type violation struct {
	Field       string `json:"field"`
	Description string `json:"description"`
}

func fcmError(code string) detail {
	return detail{Type: "type.googleapis.com/google.firebase.fcm.v1.FcmError", ErrorCode: code}
}

// apnsError is what FCM adds to a refusal of Apple's service.
func apnsError(reason string) detail {
	status := http.StatusBadRequest
	switch reason {
	case "ExpiredToken", "Unregistered":
		status = http.StatusGone
	case "PayloadTooLarge":
		status = http.StatusRequestEntityTooLarge
	}
	return detail{Type: "type.googleapis.com/google.firebase.fcm.v1.ApnsError", StatusCode: status, Reason: reason}
}

func badRequest(field, description string) detail {
	return detail{
		Type:            "type.googleapis.com/google.rpc.BadRequest",
		FieldViolations: []violation{{Field: field, Description: description}},
	}
}

func refusal(code int, status, message string, details ...detail) Answer {
	return Answer{
		kind:    kindRefuse,
		status:  code,
		failure: failure{failureBody{Code: code, Message: message, Status: status, Details: details}},
	}
}

// invalid is the answer to a message that FCM cannot take, naming the field.
func invalid(field, description string) Answer {
	return refusal(http.StatusBadRequest, "INVALID_ARGUMENT",
		fmt.Sprintf("Invalid value at '%s': %s", field, description), badRequest(field, description))
}

// malformed is the answer to JSON that FCM cannot read.
func malformed(field, problem string) Answer {
	problem = "Invalid JSON payload received. " + problem
	return refusal(http.StatusBadRequest, "INVALID_ARGUMENT", problem, badRequest(field, problem))
}

// tooBig is the answer to a message that is too big for the platform's service.
func tooBig(field, message string, bytes int) Answer {
	return refusal(http.StatusBadRequest, "INVALID_ARGUMENT", message,
		badRequest(field, fmt.Sprintf("%d bytes of at most %d.", bytes, maxPayload)), fcmError("INVALID_ARGUMENT"))
}

// byApple is the answer to what Apple's service does not take, with Apple's reason.
func byApple(field, reason, description string) Answer {
	a := invalid(field, description)
	a.failure.Error.Details = append(a.failure.Error.Details, apnsError(reason))
	return a
}

func writeJSON(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json; charset=UTF-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // a client that left needs no answer
}
