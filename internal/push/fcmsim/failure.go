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
}

type violation struct {
	Field       string `json:"field"`
	Description string `json:"description"`
}

func fcmError(code string) detail {
	return detail{Type: "type.googleapis.com/google.firebase.fcm.v1.FcmError", ErrorCode: code}
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

func writeJSON(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json; charset=UTF-8")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // a client that left needs no answer
}
