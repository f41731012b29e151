// What is called from outside, kept together for one document's life. Needs all the others.

const library = () => ({
  ...{ work, holding, census, look, readable, offers, readList, fileField, fileInput, throughFrame, editable, pointed, pressed },
  ...{ aim, aimInRow, aimBoxInRow, aimTurn, measure, pictured, privateOrNone, carried },
  ...{ settledPicture, pictureElement, codeSenderElement, asksForSum, renewer, scrollPages },
  ...{ captionsShown, foldedHeads, yearsShown, drawnTwice },
});
