package differential

import (
	"fmt"
	"os"
	"testing"
)

// data is what every PocketBase of the tests begins with.
var data *dataset

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	mails, err := takeMails()
	if err != nil {
		return failed(err)
	}
	defer mails.Close()
	if data, err = prepare(mails.Addr()); err != nil {
		return failed(err)
	}
	defer data.remove()
	return m.Run()
}

func failed(err error) int {
	fmt.Fprintln(os.Stderr, err)
	return 1
}
